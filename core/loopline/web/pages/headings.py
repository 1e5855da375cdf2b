"""The head of a record's page: what it is, how it stands, whose it is."""

from collections.abc import Iterator, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.services.naming import Names
from loopline.store.rows import Record
from loopline.web.contexts.approvals import Card
from loopline.web.contexts.records import Heading, Mark
from loopline.web.pages.cells import record_cell

_MARKS: Final = 3
_PANEL: Final = "#related"
"""Where approvals stand on the page."""


def heading(
    ctx: Context,
    record: Record,
    names: Names,
    title: str,
    requests: Sequence[Card],
) -> Heading:
    """Answer the head of a record's page; approvals that are not decided yet are marked in it."""
    entity = ctx.catalog.entity(record.entity)
    owner = entity.fields.get("owner") if entity.traits.owned else None
    codes = (f for f in entity.fields.values() if f.type == "code")
    code = next((str(record.values[f.id]) for f in codes if record.values.get(f.id)), "")
    waiting = (
        Mark(text=one.state, name=one.title, named=True, tone=one.tone, href=_PANEL)
        for one in requests
        if one.waits
    )
    return Heading(
        title=title,
        initial=title[:1].upper(),
        line=entity.line,
        tags=(*_marks(ctx, entity, record, names), *waiting),
        owner=record_cell(ctx, owner, record, names, "") if owner else None,
        note="" if code == title else code,
    )


def _marks(ctx: Context, entity: EntityDef, record: Record, names: Names) -> Iterator[Mark]:
    """Answer choices of a record; all but its stage, else the first, are told with their field."""
    found = [
        (field, record_cell(ctx, field, record, names, entity.line))
        for field in entity.fields.values()
        if field.type == "choice" and record.values.get(field.id) is not None and not field.hidden
    ]
    shown = ([one for one in found if one[1].kind == "status"] or found)[:_MARKS]
    piped = ctx.catalog.pipelines.get(entity.id, ())
    plain = [field.id for field, _ in shown if field.id in piped] or [
        field.id for field, _ in shown[:1]
    ]
    for field, cell in shown:
        label = field.label.to(ctx.actor.language)
        named = field.id not in plain
        yield Mark(text=cell.text, name=label, named=named, tone=cell.tone, line=cell.line)
