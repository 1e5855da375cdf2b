"""Related records: everything that links to a record, in brief and as a table."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import OWNER_FIELDS, EntityDef
from loopline.query.lists import ListQuery, Page, page
from loopline.services.lines import lines_of
from loopline.services.naming import names_for
from loopline.store.rows import Record
from loopline.web.contexts.records import Related
from loopline.web.contexts.tables import Column, Empty, Row, Table
from loopline.web.pages.briefs import briefs
from loopline.web.pages.cards import card_places
from loopline.web.pages.cells import short_cell
from loopline.web.pages.offering import offers_new
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import entity_href

_SHOWN: Final = 20
_BRIEF: Final = 3
_ALWAYS: Final = 2
_COLUMNS: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Relation:
    """The records of one entity that link to a record through one field.

    ``new_href`` leads to the form for another one; blank where the person cannot make one so.
    """

    id: str
    entity: EntityDef
    field: FieldDef
    label: str
    count: str
    found: Page
    all_href: str
    new_href: str


def relations(ctx: Context, entity: EntityDef, record: Record) -> list[Relation]:
    """Answer what links to a record, but its own lines and what only says who owns something."""
    own, found = {line.many for line in lines_of(entity)}, []
    for source, name in ctx.catalog.incoming.get(entity.id, ()):
        if name in OWNER_FIELDS:
            continue
        one = ctx.catalog.entity(source)
        if name == one.parent_link and one.id in own:
            continue  # its lines stand among its facts
        query = ListQuery(
            entity=source,
            filter=f"{name} == {record.id}",
            limit=_SHOWN,
            count="estimate",
        )
        rows = page(ctx, query)
        count = rows.count
        state = urlencode([("c", f"{name}:eq:{record.id}")])
        found.append(
            Relation(
                id=f"{source}.{name}",
                entity=one,
                field=one.fields[name],
                label=_label(ctx, entity, one, one.fields[name]),
                count="" if count is None else f"{count.value}{'' if count.exact else '+'}",
                found=rows,
                all_href=f"{entity_href(source)}?{state}",
                new_href=_new_href(ctx, one, name, record),
            )
        )
    return found


def _new_href(ctx: Context, entity: EntityDef, field: str, record: Record) -> str:
    """Answer the form for a further one; none where the link is not for people to write."""
    if entity.fields[field].read_only or not offers_new(ctx, entity):
        return ""
    return f"{entity_href(entity.id)}/new?{urlencode([(field, record.id)])}"


def made_here(
    ctx: Context, record: Record, found: Sequence[Relation]
) -> Iterator[tuple[EntityDef, str]]:
    """Yield what the person may make for a record, each with the address of its form, filled in.

    First what links to it, then what can be about any record, such as an activity.
    """
    for one in found:
        if one.new_href:
            yield one.entity, one.new_href
    pointer = f"{record.entity}:{record.id}"
    for entity, name in ctx.snapshot.memo("fields about any record", lambda: _about(ctx)):
        if offers_new(ctx, entity):
            yield entity, f"{entity_href(entity.id)}/new?{urlencode([(name, pointer)])}"


def _about(ctx: Context) -> list[tuple[EntityDef, str]]:
    return [
        (entity, field.id)
        for entity in ctx.catalog.entities()
        for field in entity.fields.values()
        if field.type == "any_link" and not field.read_only and not field.hidden
    ]


def _label(ctx: Context, entity: EntityDef, source: EntityDef, field: FieldDef) -> str:
    """Answer what the relation is called: by the field too, where one entity links twice."""
    language = ctx.actor.language
    pairs = ctx.catalog.incoming.get(entity.id, ())
    twice = sum(1 for name, _ in pairs if name == source.id) > 1 or source.id == entity.id
    plural = plural_of(ctx, source).to(language)
    return f"{plural} ({field.label.to(language)})" if twice else plural


def related_panels(ctx: Context, found: Sequence[Relation]) -> tuple[Related, ...]:
    """Answer the first relations that people make, and of the others those that hold something."""
    first = [one.id for one in found if not one.field.read_only][:_ALWAYS]
    shown = [one for one in found if one.id in first or one.found.records]
    language, say = ctx.actor.language, ctx.messages.say
    return tuple(
        Related(
            label=one.label,
            count=one.count,
            href=one.all_href,
            items=briefs(ctx, one.entity, one.found.records[:_BRIEF], without=one.field.id),
            new_href=one.new_href,
            new_label=say("ui.record.add", language, entity=in_phrase(one.entity.label, language)),
        )
        for one in shown
    )


def related_table(ctx: Context, one: Relation) -> Table:
    """Answer the newest related records as a table."""
    entity, language = one.entity, ctx.actor.language
    plural = plural_of(ctx, entity)
    view = ctx.catalog.views(entity.id)[0]
    names = [entity.title_field, *(n for n in view.columns if n != entity.title_field)]
    fields = [f for n in names if (f := entity.field(n)) is not None and n != one.field.id]
    fields = fields[:_COLUMNS]
    places = card_places(fields)
    called = names_for(ctx, one.found.records, fields)
    return Table(
        label=one.label,
        columns=tuple(
            Column(
                id=field.id,
                label=field.label.to(language),
                numeric=ctx.snapshot.types[field.type].numeric,
                place=places.get(field.id),
            )
            for field in fields
        ),
        rows=tuple(
            Row(
                id=record.id,
                href=f"{entity_href(entity.id)}/{record.id}",
                cells=tuple(short_cell(ctx, f, record, called, entity.line) for f in fields),
            )
            for record in one.found.records
        ),
        empty=Empty(
            title=ctx.messages.say("ui.list.empty", language, entity=in_phrase(plural, language)),
            href=one.new_href,
            action=ctx.messages.say(
                "ui.new_one", language, entity=in_phrase(entity.label, language)
            ),
        ),
    )
