"""Set-wise look-ups by key: who exists, who already has a value."""

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from loopline.store.tables import RecordTable, StoredField

_CHUNK = 500


def existing_ids(
    connection: sa.Connection, one: RecordTable, ids: Collection[object]
) -> set[object]:
    """Answer which of the ids are living records."""
    found: set[object] = set()
    table = one.table
    for some in _chunks(ids):
        query = sa.select(table.c.id).where(table.c.id.in_(some), table.c.deleted_at.is_(None))
        found.update(connection.execute(query).scalars())
    return found


def taken_keys(
    connection: sa.Connection, one: RecordTable, stored: StoredField, keys: Collection[object]
) -> dict[object, int]:
    """Answer which keys of a field living records have, and whose (the oldest) they are."""
    found: dict[object, int] = {}
    for key, record in records_by_key(connection, one, stored, keys):
        found.setdefault(key, record)
    return found


def records_by_key(
    connection: sa.Connection, one: RecordTable, stored: StoredField, keys: Collection[object]
) -> list[tuple[object, int]]:
    """Answer (key, id) of the living records whose field has one of the keys, oldest first."""
    column = one.table.c[stored.match_column]
    found: list[tuple[object, int]] = []
    for some in _chunks(keys):
        query = sa.select(column, one.table.c.id).where(
            column.in_(some), one.table.c.deleted_at.is_(None)
        )
        found += [(row[0], row[1]) for row in connection.execute(query.order_by(one.table.c.id))]
    return found


def _chunks(values: Collection[object]) -> Iterable[list[object]]:
    ordered = sorted(values, key=str)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
