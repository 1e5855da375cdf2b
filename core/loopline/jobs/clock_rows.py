"""The rows of clocks: how one stands, read and written."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from loopline.jobs.tables import clock

_THOSE: Final = (
    sa.select(clock)
    .where(
        clock.c.entity == sa.bindparam("entity"),
        clock.c.clock == sa.bindparam("clock"),
        clock.c.record.in_(sa.bindparam("records", expanding=True)),
    )
    .order_by(clock.c.id)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RunningClock:
    """A clock on a record, as it stands. ``told`` says how its end was computed."""

    id: int
    clock: str
    entity: str
    record: int
    state: str
    started_at: datetime
    due_at: datetime
    next_at: datetime | None
    paused_at: datetime | None
    pause_reason: str | None
    paused_seconds: int
    passed: tuple[str, ...]
    breached_at: datetime | None
    finished_at: datetime | None
    known: bool
    told: Mapping[str, str]

    @property
    def paused(self) -> timedelta:
        """The working time of all pauses that are over."""
        return timedelta(seconds=self.paused_seconds)


def running_on(
    connection: sa.Connection, name: str, entity: str, record: int
) -> RunningClock | None:
    """Answer the clock of that id that runs on a record, locked; None if there is none."""
    query = locked(connection).where(
        clock.c.clock == name,
        clock.c.entity == entity,
        clock.c.record == record,
        clock.c.finished_at.is_(None),
    )
    return next(read(connection, query), None)


def latest_of(
    connection: sa.Connection, name: str, entity: str, records: Collection[int]
) -> dict[int, RunningClock]:
    """Answer, for each of some records that ever had that clock, the newest one."""
    asked = {"clock": name, "entity": entity, "records": list(records)}
    return {one.record: one for one in read(connection, _THOSE, asked)}


def clock_by_id(connection: sa.Connection, number: int) -> RunningClock | None:
    """Answer a clock by its own id; None if there is none."""
    return next(read(connection, sa.select(clock).where(clock.c.id == number)), None)


def clocks_of(connection: sa.Connection, entity: str, record: int) -> list[RunningClock]:
    """Answer every clock of a record, the newest first, those that ended among them."""
    query = sa.select(clock).where(clock.c.entity == entity, clock.c.record == record)
    return list(read(connection, query.order_by(clock.c.id.desc())))


def locked(connection: sa.Connection) -> sa.Select[Any]:
    """Answer the query of all clocks, whose rows stay locked until the transaction ends."""
    query = sa.select(clock)
    return query.with_for_update() if connection.dialect.name == "postgresql" else query


def read(
    connection: sa.Connection, query: sa.Select[Any], asked: Mapping[str, object] | None = None
) -> Iterator[RunningClock]:
    """Yield the clocks that a query finds, given what it asks for."""
    for row in connection.execute(query, asked):
        yield RunningClock(**{**row._mapping, "passed": tuple(row.passed)})


def values_of(one: RunningClock) -> dict[str, Any]:
    """Answer the columns of a clock, without its id."""
    names = (column.name for column in clock.columns if column.name != "id")
    values = {name: getattr(one, name) for name in names}
    return values | {"passed": list(one.passed), "told": dict(one.told)}


def store(connection: sa.Connection, one: RunningClock) -> bool:
    """Write a clock as it stands now."""
    changed = clock.update().where(clock.c.id == one.id).values(values_of(one))
    return connection.execute(changed).rowcount == 1
