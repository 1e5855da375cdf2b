"""Records in their tables: from values to columns and back, set-wise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from loopline.store.tables import RecordTable, StoredField
from loopline.store.twins import refusing_twins


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record as it stands: its values by field id, blank ones as None."""

    entity: str
    id: int
    version: int
    created_at: datetime
    created_by: int | None
    updated_at: datetime
    updated_by: int | None
    deleted_at: datetime | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def value(self, name: str) -> object:
        """Answer a field's value, or one of the values every record has."""
        if name in self.values:
            return self.values[name]
        attribute = "version" if name == "row_version" else name
        return getattr(self, attribute, None)


def dump(stored: StoredField, value: object, into: dict[str, object]) -> None:
    """Put the columns of one field, derived ones included, into a row."""
    kind, definition = stored.type, stored.definition
    if value is None:
        into.update(dict.fromkeys(stored.all_columns))
        return
    dumped = kind.dump(definition, value)
    if len(dumped) == 1:
        into[stored.main] = dumped[0]
    else:
        into.update(zip(stored.columns, dumped, strict=True))
    if stored.key:
        into[stored.key] = kind.key(definition, value) or None
    if stored.sort:
        into[stored.sort] = kind.sort_key(definition, value)


def dump_all(one: RecordTable, values: Mapping[str, object]) -> dict[str, object]:
    """Answer the columns of every field named in ``values``."""
    columns: dict[str, object] = {}
    for name, value in values.items():
        dump(one.fields[name], value, columns)
    return columns


def dump_new(one: RecordTable, record: Record) -> dict[str, object]:
    """Answer every column of a new record, so that all rows of an entity share one statement."""
    columns = dict(one.blank_row)
    for name, value in record.values.items():
        if value is not None:
            dump(one.fields[name], value, columns)
    columns["id"] = record.id
    columns["row_version"] = record.version
    columns["created_at"] = record.created_at
    columns["created_by"] = record.created_by
    columns["updated_at"] = record.updated_at
    columns["updated_by"] = record.updated_by
    return columns


def load(one: RecordTable, row: Mapping[str, Any], names: Iterable[str] | None = None) -> Record:
    """Answer the record of a row; only the fields in ``names`` if given."""
    values: dict[str, object] = {}
    for name in one.fields if names is None else names:
        stored = one.fields[name]
        columns = stored.columns
        if len(columns) == 1:
            raw = row[columns[0]]
            values[name] = None if raw is None else stored.type.load(stored.definition, (raw,))
        else:
            parts = tuple(row[column] for column in columns)
            blank = all(part is None for part in parts)
            values[name] = None if blank else stored.type.load(stored.definition, parts)
    return Record(
        entity=one.entity.id,
        id=row["id"],
        version=row["row_version"],
        created_at=row["created_at"],
        created_by=row["created_by"],
        updated_at=row["updated_at"],
        updated_by=row["updated_by"],
        deleted_at=row["deleted_at"],
        values=values,
    )


SYSTEM_COLUMNS = (
    "id",
    "row_version",
    "created_at",
    "created_by",
    "updated_at",
    "updated_by",
    "deleted_at",
)


def columns_for(one: RecordTable, names: Iterable[str] | None = None) -> list[sa.Column[object]]:
    """Answer the columns to select for the given fields (all, if none are named)."""
    wanted = one.fields if names is None else names
    shown = [column for name in wanted for column in one.fields[name].columns]
    return [one.table.c[column] for column in (*SYSTEM_COLUMNS, *shown)]


def fetch(
    connection: sa.Connection,
    one: RecordTable,
    ids: Sequence[int],
    *,
    lock: bool = False,
) -> dict[int, Record]:
    """Read records by id, deleted ones too; ``lock`` keeps them from others on PostgreSQL."""
    found: dict[int, Record] = {}
    for start in range(0, len(ids), 500):
        some = ids[start : start + 500]
        query = sa.select(*columns_for(one)).where(
            one.table.c.id == some[0] if len(some) == 1 else one.table.c.id.in_(some)
        )
        if lock:
            query = query.with_for_update()
        for row in connection.execute(query).mappings():
            found[row["id"]] = load(one, cast("Mapping[str, Any]", row))
    return found


def allocate_ids(connection: sa.Connection, one: RecordTable, count: int) -> Sequence[int]:
    """Reserve ids for new rows; the caller's transaction is a writing one."""
    name = one.table.name
    if connection.dialect.name == "sqlite":
        last = connection.exec_driver_sql(
            "SELECT seq FROM sqlite_sequence WHERE name = ?", (name,)
        ).scalar()
        first = (last or 0) + 1
        return range(first, first + count)
    sequence = sa.func.pg_get_serial_sequence(name, "id")
    numbers = sa.func.generate_series(1, count).table_valued("n")
    rows = connection.execute(sa.select(sa.func.nextval(sequence)).select_from(numbers))
    return list(rows.scalars())


def insert(connection: sa.Connection, one: RecordTable, rows: list[dict[str, object]]) -> None:
    """Insert rows that carry every column of the table."""
    with refusing_twins(one):
        connection.execute(one.table.insert(), rows)


def update(
    connection: sa.Connection,
    one: RecordTable,
    record: int,
    version: int,
    columns: Mapping[str, object],
) -> bool:
    """Write columns of one record if it still has ``version``; answer whether it had."""
    where = (one.table.c.id == record) & (one.table.c.row_version == version)
    statement = one.table.update().where(where).values(**columns)
    return connection.execute(statement).rowcount == 1


def update_many(connection: sa.Connection, one: RecordTable, rows: list[dict[str, object]]) -> None:
    """Write the same columns of many records; each row carries ``_id`` and those columns."""
    statement = one.table.update().where(one.table.c.id == sa.bindparam("_id"))
    with refusing_twins(one):
        connection.execute(statement, rows)
