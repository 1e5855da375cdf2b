"""Titles of the records that others point to, read in batches: one query an entity."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.query.visible import visible_ids
from loopline.store.rows import Record
from loopline.store.titles import read_titles

Titles = Mapping[tuple[str, int], str]


def titles(ctx: Context, entity: str, ids: Collection[int]) -> dict[int, str]:
    """Answer the titles of the records of one entity that the actor may read.

    A title that they may not read, or only masked, is told as the number of the record.
    """
    if not ids or not ctx.catalog.has("entity", entity):
        return {}
    one, seen = ctx.snapshot.table(entity), ctx.catalog.entity(entity)
    title = seen.fields.get(seen.title_field)
    hidden = title is None and seen.title_field in one.fields
    number = hidden or (title is not None and title.masked)
    readable = visible_ids(ctx, entity, ids)
    return read_titles(ctx.connection, one, readable, numbers_only=number) if readable else {}


def link_titles(ctx: Context, records: Iterable[Record], fields: Iterable[FieldDef]) -> Titles:
    """Answer the titles behind the given link fields of records, keyed by (entity, id)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    links = [field for field in fields if field.to]
    for record in records:
        for field in links:
            target = record.value(field.id)
            if isinstance(target, int):
                wanted[field.to].add(target)
    return {
        (entity, record_id): title
        for entity, ids in wanted.items()
        for record_id, title in titles(ctx, entity, ids).items()
    }
