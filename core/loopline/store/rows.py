"""Records in their tables: from values to columns and back, set-wise."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from loopline.fields.definition import FieldDef
from loopline.store.inserts import insert_columns
from loopline.store.members import write_members, write_new_members
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


def dump_column(stored: StoredField, values: Sequence[object]) -> dict[str, Sequence[object]]:
    """Answer the columns of one field, derived ones included, for the values of many records."""
    definition, columns = stored.definition, stored.columns
    if all(value is None for value in values):
        return dict.fromkeys(stored.all_columns, values)
    if stored.as_is:
        dumped: dict[str, Sequence[object]] = {columns[0]: values}
    else:
        dump, blank = stored.type.dump, (None,) * len(columns)
        parts = (blank if value is None else dump(definition, value) for value in values)
        dumped = dict(zip(columns, zip(*parts, strict=True), strict=True))
    if stored.key:
        key = stored.type.key
        dumped[stored.key] = [None if v is None else key(definition, v) or None for v in values]
    if stored.sort:
        sort = stored.type.sort_key
        dumped[stored.sort] = [None if v is None else sort(definition, v) for v in values]
    return dumped


def dump_values(one: RecordTable, values: Mapping[str, object]) -> dict[str, object]:
    """Answer the columns of every field named in ``values``, for one record."""
    return {
        column: dumped[0]
        for name, value in values.items()
        for column, dumped in dump_column(one.fields[name], (value,)).items()
    }


def as_stored(one: RecordTable, record: Record) -> Record:
    """Answer a record as it will be read back: every value through its columns and out again."""
    values = dict(record.values)
    for name, value in values.items():
        stored = one.fields[name]
        if value is not None and not stored.as_is:
            parts = stored.type.dump(stored.definition, value)
            blank = all(part is None for part in parts)
            values[name] = None if blank else stored.type.load(stored.definition, parts)
    return replace(record, values=values)


SYSTEM_COLUMNS: Final = {
    "id": "id",
    "row_version": "version",
    "created_at": "created_at",
    "created_by": "created_by",
    "updated_at": "updated_at",
    "updated_by": "updated_by",
    "deleted_at": "deleted_at",
}
"""The columns that every record has, beside their names in :class:`Record`."""
_CHUNK: Final = 500
Query = sa.Select[*tuple[Any, ...]]
Load = Callable[[FieldDef, tuple[object, ...]], object]


def columns_for(one: RecordTable, names: Iterable[str] | None = None) -> list[sa.Column[object]]:
    """Answer the columns to select for the given fields (all, if none are named)."""
    wanted = one.fields if names is None else names
    shown = [column for name in wanted for column in one.fields[name].columns]
    return [one.table.c[column] for column in (*SYSTEM_COLUMNS, *shown)]


class Reader:
    """Makes records of the rows of a SELECT; which column holds what is settled beforehand."""

    def __init__(self, one: RecordTable, names: Iterable[str] | None = None) -> None:
        chosen = list(one.fields if names is None else names)
        self.columns = columns_for(one, chosen)
        self._entity = one.entity.id
        self._fields: list[tuple[str, FieldDef, Load | None, int, int]] = []
        at = len(SYSTEM_COLUMNS)
        for name in chosen:
            stored = one.fields[name]
            end = at + len(stored.columns)
            load = None if stored.as_is else stored.type.load
            self._fields.append((name, stored.definition, load, at, end))
            at = end

    def record(self, row: Sequence[Any]) -> Record:
        """Answer the record of a row whose first columns are :attr:`columns`."""
        values: dict[str, object] = {}
        for name, definition, load, start, end in self._fields:
            if load is None:
                values[name] = row[start]
            else:
                parts = tuple(row[start:end])
                blank = all(part is None for part in parts)
                values[name] = None if blank else load(definition, parts)
        return Record(
            entity=self._entity,
            id=row[0],
            version=row[1],
            created_at=row[2],
            created_by=row[3],
            updated_at=row[4],
            updated_by=row[5],
            deleted_at=row[6],
            values=values,
        )


def reader(one: RecordTable) -> Reader:
    """Answer the reader of whole records."""
    return one.memo("reader", lambda: Reader(one))


def fetch(
    connection: sa.Connection,
    one: RecordTable,
    ids: Sequence[int],
    *,
    lock: bool = False,
) -> dict[int, Record]:
    """Read records by id, deleted ones too; ``lock`` keeps them from others on PostgreSQL."""
    read = reader(one)
    if len(ids) == 1:
        query = one.memo(("one", lock), lambda: _one(one, read, lock=lock))
        return {row[0]: read.record(row) for row in connection.execute(query, {"id": ids[0]}).all()}
    query = one.memo(("some", lock), lambda: _some(one, read, lock=lock))
    found: dict[int, Record] = {}
    for start in range(0, len(ids), _CHUNK):
        for row in connection.execute(query, {"ids": ids[start : start + _CHUNK]}).all():
            found[row[0]] = read.record(row)
    return found


def _one(one: RecordTable, read: Reader, *, lock: bool) -> Query:
    query = sa.select(*read.columns).where(one.table.c.id == sa.bindparam("id"))
    return query.with_for_update() if lock else query


def _some(one: RecordTable, read: Reader, *, lock: bool) -> Query:
    ids = one.table.c.id.in_(sa.bindparam("ids", expanding=True))
    query = sa.select(*read.columns).where(ids)
    # always in one order, so that two bulk writes never wait for each other
    return query.order_by(one.table.c.id).with_for_update() if lock else query


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


def insert(connection: sa.Connection, one: RecordTable, records: Sequence[Record]) -> None:
    """Insert new records. Raises NotValid where a unique value was taken meanwhile."""
    blank: Sequence[object] = (None,) * len(records)
    columns = dict.fromkeys(one.column_names, blank)
    columns |= {name: [getattr(r, a) for r in records] for name, a in SYSTEM_COLUMNS.items()}
    for name, stored in one.fields.items():
        columns |= dump_column(stored, [record.values[name] for record in records])
    with refusing_twins(one):
        insert_columns(connection, one.table, columns)
    for stored in one.several:
        values = {record.id: record.values[stored.definition.id] for record in records}
        write_new_members(connection, stored, values)


def update_many(connection: sa.Connection, one: RecordTable, rows: list[dict[str, object]]) -> None:
    """Write the same columns of many records; each row carries ``_id`` and those columns."""
    statement = one.table.update().where(one.table.c.id == sa.bindparam("_id"))
    with refusing_twins(one):
        connection.execute(statement, rows)
    for stored in one.several:
        changed = {int(str(row["_id"])): row[stored.main] for row in rows if stored.main in row}
        if changed:
            load, definition = stored.type.load, stored.definition
            values = {record: load(definition, (part,)) for record, part in changed.items()}
            write_members(connection, stored, values)
