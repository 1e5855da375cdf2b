"""Records in brief: a title, an amount, and what the default list tells first."""

from collections.abc import Sequence
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.naming import Names, names_for
from loopline.store.rows import Record
from loopline.web.contexts.records import RelatedItem
from loopline.web.pages.cells import short_cell, text_of
from loopline.web.pages.shell import entity_href

_NOTES: Final = 2
_AMOUNT: Final = "money"
_NOTED: Final = frozenset({"text", "choice", "link", "date", "phone", "email", "code"})


def briefs(
    ctx: Context, entity: EntityDef, found: Sequence[Record], *, without: str = ""
) -> tuple[RelatedItem, ...]:
    """Answer records in brief; the field ``without`` says nothing where all records share it."""
    fields, title = _told(ctx, entity, without), entity.fields.get(entity.title_field)
    added = _added_up(ctx, entity)
    fields.sort(key=lambda one: one.id not in added)  # what a line comes to, before its price
    names = names_for(ctx, found, [*([title] if title else []), *fields])
    return tuple(_brief(ctx, entity, record, fields, names) for record in found)


def _told(ctx: Context, entity: EntityDef, without: str) -> list[FieldDef]:
    """Answer the fields that may be told: the columns of the default list, then other amounts."""
    columns = ctx.catalog.views(entity.id)[0].columns
    own = [one for one in entity.fields.values() if one.type == _AMOUNT and not one.hidden]
    listed = [entity.fields[name] for name in columns if name in entity.fields]
    left_out = {without, entity.title_field}
    told = {one.id: one for one in (*listed, *own) if one.id not in left_out}
    return list(told.values())


def _added_up(ctx: Context, entity: EntityDef) -> frozenset[str]:
    """Answer the fields of lines that their record adds up."""
    if not entity.parent_link:
        return frozenset()
    whole = ctx.snapshot.catalog.entity(entity.parent)
    sums = (one.computed for one in whole.fields.values() if one.computed is not None)
    return frozenset(
        one.field
        for one in sums
        if (one.of, one.via, one.aggregate) == (entity.id, entity.parent_link, "sum")
    )


def _brief(
    ctx: Context, entity: EntityDef, record: Record, fields: Sequence[FieldDef], names: Names
) -> RelatedItem:
    filled = [one for one in fields if record.values.get(one.id) is not None]
    amount = next((one for one in filled if one.type == _AMOUNT), None)
    notes = [one for one in filled if one.type in _NOTED][:_NOTES]
    # a viewer who may not read the title knows the record by its number
    field = entity.fields.get(entity.title_field)
    title = text_of(ctx, field, record.value(field.id), names) if field else ""
    told = [text_of(ctx, one, record.values[one.id], names) for one in notes]
    return RelatedItem(
        title=title or f"#{record.id}",
        href=f"{entity_href(entity.id)}/{record.id}",
        figure=short_cell(ctx, amount, record, names, "").text if amount else "",
        note=ctx.messages.say("ui.dot", ctx.actor.language).join(told),
    )
