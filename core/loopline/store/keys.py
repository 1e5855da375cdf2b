"""Set-wise look-ups by key: who exists, who already has a value."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

import sqlalchemy as sa

from loopline.store.tables import RecordTable, StoredField

T = TypeVar("T")
_CHUNK = 500


def existing_ids(
    connection: sa.Connection, one: RecordTable, ids: Collection[object]
) -> set[object]:
    """Answer which of the ids are living records.

    Where the transaction may write, they stay alive until it ends: PostgreSQL locks them, SQLite
    has one writer.
    """
    kept = not connection.get_execution_options().get("postgresql_readonly", False)
    query = one.memo(("living", kept), lambda: _living(one, kept=kept))
    found: set[object] = set()
    for some in _chunks(ids):
        found.update(connection.execute(query, {"ids": some}).scalars())
    return found


def _living(one: RecordTable, *, kept: bool) -> sa.Select[int]:
    key: sa.Column[int] = one.table.c.id
    among = key.in_(sa.bindparam("ids", expanding=True))
    alive = sa.select(key).where(among, one.table.c.deleted_at.is_(None)).order_by(key)
    return alive.with_for_update(read=True, key_share=True) if kept else alive


def taken_keys(
    connection: sa.Connection,
    one: RecordTable,
    fields: Sequence[StoredField],
    keys: Collection[tuple[object, ...]],
) -> dict[tuple[object, ...], int]:
    """Answer which keys of some fields living records have, and whose (the oldest) they are."""
    columns = [one.table.c[field.match_column] for field in fields]
    found: dict[tuple[object, ...], int] = {}
    for some in _chunks(keys):
        query = sa.select(one.table.c.id, *columns).where(
            _among(columns, some), one.table.c.deleted_at.is_(None)
        )
        for record, *key in connection.execute(query.order_by(one.table.c.id)):
            found.setdefault(tuple(key), record)
    return found


def _among(
    columns: Sequence[sa.Column[object]], keys: Sequence[tuple[object, ...]]
) -> sa.ColumnElement[bool]:
    """Answer the condition that columns have one of the keys; one column alone uses its index."""
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in keys])
    return sa.tuple_(*columns).in_(keys)


def records_by_key(
    connection: sa.Connection, one: RecordTable, stored: StoredField, keys: Collection[object]
) -> list[tuple[object, int]]:
    """Answer (key, id) of the living records whose field has one of the keys, oldest first."""
    query = one.memo(("by key", stored.match_column), lambda: _by_key(one, stored))
    found: list[tuple[object, int]] = []
    for some in _chunks(keys):
        found += [(row[0], row[1]) for row in connection.execute(query, {"keys": some})]
    return found


def _by_key(one: RecordTable, stored: StoredField) -> sa.Select[object, int]:
    column = one.table.c[stored.match_column]
    query = sa.select(column, one.table.c.id).where(
        column.in_(sa.bindparam("keys", expanding=True)), one.table.c.deleted_at.is_(None)
    )
    return query.order_by(one.table.c.id)


def newest_by_key(
    connection: sa.Connection, one: RecordTable, stored: StoredField, key: object, most: int
) -> list[int]:
    """Answer the newest living records whose field has a key, newest first."""
    column = one.table.c[stored.match_column]
    query = sa.select(one.table.c.id).where(column == key, one.table.c.deleted_at.is_(None))
    newest = query.order_by(one.table.c.id.desc()).limit(most)
    return list(connection.execute(newest).scalars())


def field_of_records(
    connection: sa.Connection, one: RecordTable, field: str, ids: Collection[int]
) -> dict[int, object]:
    """Answer what the main column of a field holds in each of the records, blank or not."""
    column = one.table.c[one.fields[field].main]
    query = one.memo(
        ("field of", field),
        lambda: sa.select(one.table.c.id, column).where(
            one.table.c.id.in_(sa.bindparam("ids", expanding=True))
        ),
    )
    found: dict[int, object] = {}
    for some in _chunks(ids):
        found |= {row[0]: row[1] for row in connection.execute(query, {"ids": some})}
    return found


def _chunks(values: Collection[T]) -> Iterable[list[T]]:
    ordered = sorted(values, key=str)
    for start in range(0, len(ordered), _CHUNK):
        yield ordered[start : start + _CHUNK]
