"""The audit trail: one row for every write of every record, in the same transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa

from loopline.store.inserts import insert_columns
from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

change = sa.Table(
    "ll_change",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("actor", BIG),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("action", TEXT, nullable=False),  # create, update, delete, restore
    sa.Column("via", TEXT, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("source", TEXT),  # the import or job that did it
    sa.Column("diff", TEXT, nullable=False),
    sa.Index("ix_ll_change_record", "entity", "record", "id"),
    sa.Index("ix_ll_change_actor", "actor", "id"),
    sa.Index("ix_ll_change_entity", "entity", "id"),
    sqlite_autoincrement=True,
)


_CHUNK: Final = 500
_LIFE: Final = ("create", "delete", "restore")
_SHARED: Final = ("at", "actor", "entity", "action", "via", "revision", "source")


@dataclass(frozen=True, kw_only=True, slots=True)
class Write:
    """What the changes of one write have in common: when, who, what, through which door."""

    at: datetime
    actor: int | None
    entity: str
    action: str
    via: str
    revision: int
    source: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeRow(Write):
    """One audited change; ``diff`` maps field → [old, new] in JSON form.

    That of a deletion maps ``entity.field`` → [ids, []] instead: the links to the record.
    """

    record: int
    version: int
    diff: Mapping[str, Any]

    @property
    def about(self) -> tuple[str, int]:
        """The record that was written."""
        return self.entity, self.record


def write_changes(
    connection: sa.Connection, write: Write, changes: Sequence[tuple[int, int, Mapping[str, Any]]]
) -> None:
    """Append to the trail: for each record its id, its version and what differs."""
    records, versions, diffs = zip(*changes, strict=True)
    shared = {name: [getattr(write, name)] * len(changes) for name in _SHARED}
    own = {
        "record": records,
        "version": versions,
        "diff": [orjson.dumps(diff).decode() for diff in diffs],
    }
    insert_columns(connection, change, {**shared, **own})


def read_changes(
    connection: sa.Connection,
    entity: str,
    record: int,
    limit: int,
    before: int | None = None,
) -> list[tuple[int, ChangeRow]]:
    """Answer the newest changes of a record, newest first, each with its id."""
    query = sa.select(change).where(change.c.entity == entity, change.c.record == record)
    if before is not None:
        query = query.where(change.c.id < before)
    rows = connection.execute(query.order_by(change.c.id.desc()).limit(limit))
    return [(row.id, change_row(row)) for row in rows]


def read_told_changes(
    connection: sa.Connection,
    entity: str,
    records: Sequence[int],
    told: Sequence[str],
    limit: int,
    before: int | None = None,
) -> list[tuple[int, ChangeRow]]:
    """Answer the newest changes of some records that made or removed them, or moved a told field.

    Newest first, each with its id; ``before`` is the id of the one before the page.
    """
    moved = [change.c.diff.contains(f'"{name}":[', autoescape=True) for name in told]
    query = sa.select(change).where(
        change.c.entity == entity,
        change.c.record.in_(records),
        sa.or_(change.c.action.in_(_LIFE), sa.and_(change.c.action == "update", sa.or_(*moved)))
        if moved
        else change.c.action.in_(_LIFE),
    )
    if before is not None:
        query = query.where(change.c.id < before)
    rows = connection.execute(query.order_by(change.c.id.desc()).limit(limit))
    return [(row.id, change_row(row)) for row in rows]


def last_written_by(
    connection: sa.Connection, entity: str, record: int, source: str
) -> datetime | None:
    """Answer when a source last wrote a record; None if it never did."""
    query = sa.select(change.c.at).where(
        change.c.entity == entity, change.c.record == record, change.c.source == source
    )
    return connection.execute(query.order_by(change.c.id.desc()).limit(1)).scalar()


def changed_since(
    connection: sa.Connection, entity: str, record: int, version: int
) -> dict[str, tuple[Any, Any]]:
    """Answer, for each field written after ``version``: its value at that version and now."""
    query = (
        sa.select(change.c.diff)
        .where(
            change.c.entity == entity,
            change.c.record == record,
            change.c.version > version,
        )
        .order_by(change.c.id)
    )
    found: dict[str, tuple[Any, Any]] = {}
    for diff in connection.execute(query).scalars():
        for name, (old, new) in orjson.loads(diff).items():
            first = found[name][0] if name in found else old
            found[name] = (first, new)
    return found


def newest_diffs(
    connection: sa.Connection, entity: str, records: Sequence[int], action: str
) -> dict[int, Mapping[str, Any]]:
    """Answer, for each record that has one, the diff of its newest change of this kind."""
    found: dict[int, Mapping[str, Any]] = {}
    for start in range(0, len(records), _CHUNK):
        query = sa.select(change.c.record, change.c.diff).where(
            change.c.entity == entity,
            change.c.record.in_(records[start : start + _CHUNK]),
            change.c.action == action,
        )
        rows = connection.execute(query.order_by(change.c.id))
        found |= {record: orjson.loads(diff) for record, diff in rows}
    return found


def changes_at(
    connection: sa.Connection, entity: str, versions: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], Mapping[str, Any]]:
    """Answer the diff of each (record, version) that the trail has, as [old, new] in JSON form."""
    found: dict[tuple[int, int], Mapping[str, Any]] = {}
    for start in range(0, len(versions), _CHUNK):
        some = {record for record, _ in versions[start : start + _CHUNK]}
        query = sa.select(change.c.record, change.c.version, change.c.diff).where(
            change.c.entity == entity, change.c.record.in_(sorted(some))
        )
        found |= {(row[0], row[1]): orjson.loads(row[2]) for row in connection.execute(query)}
    return {pair: found[pair] for pair in versions if pair in found}


def change_row(row: sa.Row[Any]) -> ChangeRow:
    """Answer a row of the trail."""
    return ChangeRow(
        at=row.at,
        actor=row.actor,
        entity=row.entity,
        record=row.record,
        action=row.action,
        via=row.via,
        version=row.version,
        revision=row.revision,
        diff=orjson.loads(row.diff),
        source=row.source,
    )
