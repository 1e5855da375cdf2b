"""Clocks: deadlines on records, moved by what happens to them.

Every deadline of the product (follow-up, recycle, service level, approval, payment, limits in
flows) is a row of these, started, paused, resumed and stopped here, and moved by time in
:mod:`loopline.jobs.ticks`. A clock runs at most once on a record.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.jobs.clock_rows import RunningClock, running_on, store, values_of
from loopline.jobs.clock_times import ClockPlan, settled, to_second
from loopline.jobs.tables import clock

_ENTER: Final = {
    name: make(clock).on_conflict_do_nothing().returning(clock.c.id)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


def find(connection: sa.Connection, plan: ClockPlan, record: int) -> RunningClock | None:
    """Answer the clock that runs on a record, locked; None if there is none."""
    definition = plan.definition
    return running_on(connection, definition.id, definition.entity, record)


def start(
    connection: sa.Connection,
    plan: ClockPlan,
    record: int,
    now: datetime,
    due: datetime | None = None,
) -> RunningClock | None:
    """Start a clock on a record; answer None where one runs already.

    ``due`` is the end where the record itself says it, else the document's limit counts.
    """
    fresh = RunningClock(
        id=0,
        clock=plan.definition.id,
        entity=plan.definition.entity,
        record=record,
        state="running",
        started_at=to_second(now),
        due_at=to_second(due or now),
        next_at=None,
        paused_at=None,
        pause_reason=None,
        paused_seconds=0,
        passed=(),
        breached_at=None,
        finished_at=None,
        known=True,
        told={},
    )
    begun = settled(plan, fresh)
    added = _ENTER[connection.dialect.name]
    number = connection.execute(added, values_of(begun)).scalar_one_or_none()
    return None if number is None else replace(begun, id=number)


def pause(
    connection: sa.Connection, plan: ClockPlan, record: int, now: datetime, reason: str
) -> bool:
    """Let a running clock stand still; answer whether it did. A late one goes on."""
    found = find(connection, plan, record)
    if found is None or found.state != "running" or to_second(now) >= found.due_at:
        return False
    changed = replace(
        found, state="paused", paused_at=to_second(now), pause_reason=reason, next_at=None
    )
    return store(connection, changed)


def resume(connection: sa.Connection, plan: ClockPlan, record: int, now: datetime) -> bool:
    """Let a paused clock go on; its end moves by the working time of the pause."""
    found = find(connection, plan, record)
    if found is None or found.paused_at is None:
        return False
    rested = plan.calendar.working_between(found.paused_at, to_second(now))
    seconds = found.paused_seconds + int(rested.total_seconds())
    going = replace(
        found, state="running", paused_at=None, pause_reason=None, paused_seconds=seconds
    )
    return store(connection, settled(plan, going))


def stop(
    connection: sa.Connection, plan: ClockPlan, record: int, now: datetime, *, met: bool = True
) -> str | None:
    """End a clock and answer how: met, or breached where it was late, or stopped if not ``met``.

    None where no clock runs. One that stands still is measured at the moment it was paused.
    """
    found = find(connection, plan, record)
    if found is None:
        return None
    late = (found.paused_at or to_second(now)) > found.due_at
    ended = replace(
        found,
        state=("breached" if late else "met") if met else "stopped",
        breached_at=found.breached_at or (found.due_at if late and met else None),
        next_at=None,
        finished_at=to_second(now),
    )
    store(connection, ended)
    return ended.state


def restart(
    connection: sa.Connection,
    plan: ClockPlan,
    record: int,
    now: datetime,
    due: datetime | None = None,
) -> RunningClock | None:
    """End whatever clock runs, without judging it, and start afresh."""
    stop(connection, plan, record, now, met=False)
    return start(connection, plan, record, now, due)
