"""Titles of the records that others point to, read in batches: one query an entity."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.query.titles import titles
from loopline.store.rows import Record

__all__ = ["Titles", "link_titles", "titles"]

Titles = Mapping[tuple[str, int], str]


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
