"""Titles of records in one query."""

from collections.abc import Collection

import sqlalchemy as sa

from loopline.store.tables import RecordTable

_CHUNK = 500


def read_titles(
    connection: sa.Connection,
    one: RecordTable,
    ids: Collection[int],
    *,
    numbers_only: bool = False,
) -> dict[int, str]:
    """Answer the title of each record, in the bin or not; blank ones are named by their number."""
    if numbers_only:
        return {record: f"#{record}" for record in ids}
    stored = one.field(one.entity.title_field)
    column = one.table.c[stored.main if stored else "id"]
    ordered = sorted(ids)
    found: dict[int, str] = {}
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        rows = connection.execute(sa.select(one.table.c.id, column).where(one.table.c.id.in_(some)))
        found |= {row[0]: f"#{row[0]}" if row[1] is None else str(row[1]) for row in rows}
    return found
