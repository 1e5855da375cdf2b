"""Roll-ups: what the children of records amount to, worked out set-wise, stored with the parent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.moment import Moment
from loopline.expr.tree import Node
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField

_CHUNK: Final = 500
_NOTHING: Final = {"count": 0, "sum": 0}
"""What no children amount to; there is no least, greatest or mean of none."""


@dataclass(frozen=True, slots=True)
class StoredRollup:
    """A roll-up field of ``parent``: over the records of ``child`` whose ``link`` points there."""

    parent: RecordTable
    field: StoredField
    child: RecordTable
    link: StoredField
    aggregate: str
    of: StoredField | None
    filter: Node | None

    @property
    def name(self) -> str:
        """The field of the parent."""
        return self.field.definition.id


def renew(
    connection: sa.Connection,
    snapshot: Snapshot,
    rollup: StoredRollup,
    parents: Sequence[int],
    moment: Moment,
) -> int:
    """Make the stored values of some parents what their children amount to.

    Answer how many differed. The parents are locked in rising order before the children are read,
    so that of two writers the second sees what the first wrote.
    """
    table, column = rollup.parent.table, rollup.parent.table.c[rollup.field.main]
    locked = (
        sa.select(table.c.id, column)
        .where(table.c.id.in_(sa.bindparam("ids", expanding=True)))
        .order_by(table.c.id)
        .with_for_update()
    )
    counting, changed = _amounts(snapshot, rollup, moment), 0
    write = table.update().where(table.c.id == sa.bindparam("_id"))
    ordered = sorted(set(parents))
    for start in range(0, len(ordered), _CHUNK):
        some = {"ids": ordered[start : start + _CHUNK]}
        held = {row[0]: row[1] for row in connection.execute(locked, some)}
        found = {row[0]: _value(rollup, row) for row in connection.execute(counting, some)}
        nothing = _NOTHING.get(rollup.aggregate)
        rows = [
            {"_id": parent, rollup.field.main: found.get(parent, nothing)}
            for parent, old in held.items()
            if old != found.get(parent, nothing)
        ]
        if rows:
            connection.execute(write, rows)
        changed += len(rows)
    return changed


def next_parents(
    connection: sa.Connection, parent: RecordTable, after: int, most: int
) -> Sequence[int]:
    """Answer the ids of the next records of a table, those in the bin too."""
    key = parent.table.c.id
    query = sa.select(key).where(key > after).order_by(key).limit(most)
    return list(connection.execute(query).scalars())


def _amounts(snapshot: Snapshot, rollup: StoredRollup, moment: Moment) -> sa.Select[Any]:
    """Answer the query of (parent, amount, number of amounts) for the parents ``ids``."""
    rows = rollup.child.table
    link = rows.c[rollup.link.main]
    of = rows.c[rollup.of.main] if rollup.of is not None else rows.c.id
    shown = {
        "count": sa.func.count(rows.c.id),
        "sum": sa.func.sum(of),
        "avg": sa.func.sum(of),
        "min": sa.func.min(of, type_=of.type),
        "max": sa.func.max(of, type_=of.type),
    }[rollup.aggregate]
    query = (
        sa.select(link, shown, sa.func.count(of))
        .where(link.in_(sa.bindparam("ids", expanding=True)), rows.c.deleted_at.is_(None))
        .group_by(link)
    )
    if rollup.filter is not None:
        columns = RecordColumns(snapshot, rollup.child)
        query = query.where(to_sql(rollup.filter, columns, moment))
    return query


def _value(rollup: StoredRollup, row: Sequence[Any]) -> object:
    """Answer what the parent's column shall hold."""
    amount, number = row[1], row[2]
    if rollup.aggregate in {"count", "sum"}:
        return int(amount or 0)
    if amount is None or rollup.aggregate != "avg":
        return amount
    finer = rollup.field.definition.scale - (rollup.of.definition.scale if rollup.of else 0)
    mean = Decimal(int(amount)).scaleb(finer) / number
    return int(mean.to_integral_value(ROUND_HALF_UP))


Rollups = Mapping[str, tuple[StoredRollup, ...]]
"""By the entity of the children."""
