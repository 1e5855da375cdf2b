"""What stands on a record's timeline besides its own entries: records whose link says so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.query.visible import visible_ids
from loopline.store.changes import ChangeRow, read_told_changes
from loopline.store.keys import newest_by_key

LINKS: Final = frozenset({"link", "any_link"})
MOST: Final = 500
"""Records of an entity whose entries are looked at: the newest that point to the record."""


def related_changes(
    ctx: Context, entity: str, record_id: int, limit: int, before: int | None
) -> Iterator[tuple[int, ChangeRow]]:
    """Yield, for each entity that stands on the timeline, the newest entries of its records.

    Of what changed only the fields are told that say so. One query for the records of a link, one
    for their entries; where scopes limit the actor, one more.
    """
    for one in ctx.catalog.entities():
        links = [field for field in one.fields.values() if _leads(field, entity)]
        if links:
            yield from _entries(
                ctx, one, _records(ctx, one, links, entity, record_id), limit, before
            )


def _leads(field: FieldDef, entity: str) -> bool:
    if not field.timeline or field.masked or field.type not in LINKS:
        return False
    return field.type == "any_link" or field.to == entity


def _records(
    ctx: Context, one: EntityDef, links: list[FieldDef], entity: str, record_id: int
) -> list[int]:
    """Answer the newest records that point to the one and that the actor may read."""
    table, found = ctx.snapshot.table(one.id), set[int]()
    for field in links:
        key = record_id if field.to else f"{entity}:{record_id}"
        stored = table.fields[field.id]
        found |= set(newest_by_key(ctx.connection, table, stored, key, MOST))
    return visible_ids(ctx, one.id, sorted(found)[-MOST:]) if found else []


def _entries(
    ctx: Context, one: EntityDef, records: list[int], limit: int, before: int | None
) -> Iterator[tuple[int, ChangeRow]]:
    told = [f.id for f in one.fields.values() if f.timeline and f.type not in LINKS]
    if not records:
        return
    for number, row in read_told_changes(ctx.connection, one.id, records, told, limit, before):
        diff = {name: row.diff[name] for name in told if name in row.diff}
        yield number, replace(row, diff=diff if row.action == "update" else {})
