"""Time for clocks: what is due is found by index, and what it asks for is enqueued.

All in one transaction: a mark is passed once and its actions are enqueued once, whoever is killed
when.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.jobs.clock_rows import RunningClock, locked, read, store
from loopline.jobs.clock_times import DUE, ClockPlan, PlanOf, ahead, next_moment, settled, to_second
from loopline.jobs.queue import enqueue
from loopline.jobs.tables import clock
from loopline.meta.clocks import ClockAction, ClockDef

ACTION: Final = "clock.action"
"""The kind of the jobs that a passed mark enqueues, one for each of its actions."""


def due(connection: sa.Connection, now: datetime, most: int = 200) -> list[RunningClock]:
    """Answer the clocks to which something happens by now, earliest first, locked for this one."""
    query = sa.select(clock).where(clock.c.next_at <= now, clock.c.finished_at.is_(None))
    query = query.order_by(clock.c.next_at, clock.c.id).limit(most)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    return list(read(connection, query))


def tick(
    connection: sa.Connection,
    plan_of: PlanOf,
    now: datetime,
    most: int = 200,
    *,
    quiet: datetime | None = None,
) -> int:
    """Pass what is due and enqueue its actions; answer how many clocks were moved.

    Marks that were reached by ``quiet`` are passed without a word: nobody is told of the past.
    """
    found = due(connection, now, most)
    for one in found:
        plan = plan_of(one.clock)
        if plan is None:  # the document is gone: nobody promises this any more
            ended = replace(one, state="stopped", next_at=None, finished_at=to_second(now))
        else:
            ended = _passed(connection, plan, one, now, quiet)
        store(connection, ended)
    return len(found)


def recompute(
    connection: sa.Connection, plan_of: PlanOf, after: int, most: int = 200
) -> int | None:
    """Compute anew the ends that were counted before the holidays on the way were announced.

    Goes through the running ones with ids above ``after``; answers the last id, None at the end.
    """
    query = locked(connection).where(
        clock.c.known.is_(False), clock.c.state == "running", clock.c.id > after
    )
    found = list(read(connection, query.order_by(clock.c.id).limit(most)))
    for one in found:
        plan = plan_of(one.clock)
        anew = settled(plan, one) if plan else one
        if anew.known:
            store(connection, anew)
    return found[-1].id if len(found) == most else None


def _passed(
    connection: sa.Connection,
    plan: ClockPlan,
    one: RunningClock,
    now: datetime,
    quiet: datetime | None,
) -> RunningClock:
    """Enqueue what every mark passed by now asks for, in the order of their moments."""
    reached = sorted((at, mark) for mark, at in ahead(plan, one) if at <= now)
    for mark in (mark for at, mark in reached if quiet is None or at > quiet):
        for action in _actions(plan.definition, mark):
            payload = {
                "clock": one.id,
                "definition": one.clock,
                "entity": one.entity,
                "record": one.record,
                "mark": mark,
                "action": action.id,
                "do": action.do,
                "settings": dict(action.settings),
            }
            key = f"{ACTION}:{one.id}:{mark}:{action.id}"
            enqueue(connection, ACTION, payload, now, unique_key=key)
    names = [mark for _, mark in reached]
    late = DUE in names
    moved = replace(
        one,
        passed=(*one.passed, *(name for name in names if name != DUE)),
        state="breached" if late else one.state,
        breached_at=one.due_at if late else one.breached_at,
    )
    return replace(moved, next_at=next_moment(plan, moved))


def _actions(definition: ClockDef, mark: str) -> tuple[ClockAction, ...]:
    if mark == DUE:
        return definition.actions
    found = definition.mark(mark)
    return found.actions if found else ()
