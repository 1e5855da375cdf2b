"""Titles of the records that others point to, read in batches: one query an entity."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from loopline.access.context import Context
from loopline.fields.any_link import target
from loopline.fields.definition import FieldDef
from loopline.fields.links import RecordIds
from loopline.query.titles import titles
from loopline.store.rows import Record

__all__ = ["Titles", "link_titles", "pointed", "titles"]

Titles = Mapping[tuple[str, int], str]


def pointed(field: FieldDef, value: object) -> Iterable[tuple[str, int]]:
    """Answer the records, as (entity, id), that the value of a field points to."""
    if field.to and isinstance(value, int):
        return ((field.to, value),)
    if field.many and isinstance(value, RecordIds):
        return tuple((field.many, record) for record in value)
    if field.type == "any_link" and isinstance(value, str):
        return (target(value),)
    return ()


def link_titles(ctx: Context, records: Iterable[Record], fields: Iterable[FieldDef]) -> Titles:
    """Answer the titles behind the given link fields of records, keyed by (entity, id)."""
    wanted: dict[str, set[int]] = defaultdict(set)
    links = [field for field in fields if field.to or field.many or field.type == "any_link"]
    for record in records:
        for field in links:
            for entity, record_id in pointed(field, record.value(field.id)):
                wanted[entity].add(record_id)
    return {
        (entity, record_id): title
        for entity, ids in wanted.items()
        for record_id, title in titles(ctx, entity, ids).items()
    }
