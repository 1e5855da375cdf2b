"""Members of values of several (tags, links): a row each, beside the value in the record's row.

The record's own column is what is read, so that no list asks twice; the rows are what is looked up,
so that ``"vip" in tags`` uses an index on both databases. Both are written together, always.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from loopline.fields.base import FieldType, StorageKind
from loopline.fields.definition import FieldDef
from loopline.store.types import BIG, COLUMN_TYPES

if TYPE_CHECKING:
    from loopline.store.tables import RecordTable, StoredField

_LONGEST: Final = 50
_CHUNK: Final = 500
RECORD: Final = "record"
MEMBER: Final = "target"


def member_table(definition: FieldDef, kind: FieldType) -> sa.Table:
    """Answer the table of a field's members; its name says whose they are, as far as it fits."""
    place = f"{definition.entity}.{definition.id}"
    mark = hashlib.sha256(place.encode()).hexdigest()[:8]
    name = f"m_{definition.entity}_{definition.id}"[:_LONGEST]
    return sa.Table(
        f"{name}_{mark}",
        sa.MetaData(),
        sa.Column(RECORD, BIG, primary_key=True, autoincrement=False),
        sa.Column(
            MEMBER,
            COLUMN_TYPES[kind.member_kind or StorageKind.CODE],
            primary_key=True,
            autoincrement=False,
        ),
    )


def member_index(table: sa.Table) -> sa.Index:
    """Answer the index by member, on a throw-away copy of the table."""
    copy = table.to_metadata(sa.MetaData())
    return sa.Index(f"ix_{copy.name}", copy.c[MEMBER], copy.c[RECORD])


def write_new_members(
    connection: sa.Connection, field: "StoredField", values: Mapping[int, object]
) -> None:
    """Write the members of new records, by the id of each."""
    rows = list(_rows(field, values))
    if rows and field.members is not None:
        connection.execute(field.members.insert(), rows)


def write_members(
    connection: sa.Connection, field: "StoredField", values: Mapping[int, object]
) -> None:
    """Write the members of records that change, in place of those they had."""
    if field.members is None:
        return
    among = field.members.c[RECORD].in_(sa.bindparam("ids", expanding=True))
    gone = field.members.delete().where(among)
    ids = sorted(values)
    for start in range(0, len(ids), _CHUNK):
        connection.execute(gone, {"ids": ids[start : start + _CHUNK]})
    write_new_members(connection, field, values)


def _rows(field: "StoredField", values: Mapping[int, object]) -> Iterator[dict[str, object]]:
    for record, value in values.items():
        if value is not None:
            for member in field.type.members(field.definition, value):
                yield {RECORD: record, MEMBER: member}


def holders(
    connection: sa.Connection, one: "RecordTable", field: "StoredField", members: Collection[object]
) -> list[tuple[Any, int]]:
    """Answer (member, record) of the living records that have one of the members."""
    if field.members is None:
        return []
    rows, ids = field.members, one.table.c
    query = (
        sa.select(rows.c[MEMBER], rows.c[RECORD])
        .join_from(rows, one.table, ids.id == rows.c[RECORD])
        .where(
            rows.c[MEMBER].in_(sa.bindparam("members", expanding=True)), ids.deleted_at.is_(None)
        )
        .order_by(rows.c[RECORD])
    )
    found: list[tuple[Any, int]] = []
    ordered = sorted(members, key=str)
    for start in range(0, len(ordered), _CHUNK):
        some = {"members": ordered[start : start + _CHUNK]}
        found += [(row[0], row[1]) for row in connection.execute(query, some)]
    return found


def holding(
    field: "StoredField", record: sa.ColumnElement[Any], code: str, *, negated: bool
) -> sa.ColumnElement[bool]:
    """Answer the condition that the record of an id has a member, or that it has it not.

    ``record`` may be NULL, as no record is; that has nothing.
    """
    rows = field.members
    if rows is None:
        raise KeyError(field.definition.id)
    member: object = code
    if field.type.member_kind is StorageKind.LINK:
        member = int(code) if code.isascii() and code.isdigit() and len(code) < 19 else -1
    having = sa.select(rows.c[RECORD]).where(
        rows.c[MEMBER] == sa.literal(member, rows.c[MEMBER].type)
    )
    if negated:
        return sa.or_(record.not_in(having), record.is_(None))
    return record.in_(having)
