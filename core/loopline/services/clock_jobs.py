"""The jobs of clocks: time passing, ends computed anew, and what passed marks ask for."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import NotValid
from loopline.jobs import ticks
from loopline.jobs.clock_rows import RunningClock, clock_by_id
from loopline.jobs.clock_times import to_second
from loopline.jobs.queue import Job
from loopline.jobs.worker import Handler
from loopline.services.clock_filling import clock_filling_handlers
from loopline.services.clock_following import plan_of
from loopline.store.changes import last_written_by
from loopline.store.rows import Record, fetch

TICK: Final = "clock.tick"
RECOMPUTE: Final = "clock.recompute"
_BATCH: Final = 200
Opener = Callable[..., AbstractContextManager[Context]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Passed:
    """A mark that a clock on a record has passed (``due`` is its end), and what it asks for."""

    clock: RunningClock
    mark: str
    record: Record
    do: str
    settings: Mapping[str, Any]


Performer = Callable[[Context, Passed], None]
FindPerformer = Callable[[Context, str, str], Performer | None]
"""Answers what performs the action of a name on an entity; None where nothing does."""


def clock_handlers(opener: Opener, find_performer: FindPerformer) -> Mapping[str, Handler]:
    """Answer the handlers; each step is its own transaction and may be repeated."""

    def pass_marks(_job: Job) -> None:
        moved = _BATCH
        while moved == _BATCH:
            with opener(via="job") as ctx:
                moved = ticks.tick(ctx.connection, partial(plan_of, ctx), ctx.now, _BATCH)

    def compute_anew(_job: Job) -> None:
        after: int | None = 0
        while after is not None:
            with opener(via="job") as ctx:
                after = ticks.recompute(ctx.connection, partial(plan_of, ctx), after, _BATCH)

    def act(job: Job) -> None:
        with opener(via="job", source=_source(job.payload["definition"])) as ctx:
            passed = _passed(ctx, job.payload)
            if passed is None:
                return
            perform = find_performer(ctx, passed.do, passed.record.entity)
            if perform is None:
                raise NotValid(code="clock.no_action", name=passed.do)
            perform(ctx, passed)

    return {
        TICK: pass_marks,
        RECOMPUTE: compute_anew,
        ticks.ACTION: act,
        **clock_filling_handlers(opener),
    }


def pass_quietly(ctx: Context, until: datetime) -> int:
    """Pass the marks that lie before now; what was reached by ``until`` asks for nothing any more.

    Answers how many clocks were moved, at most a batch.
    """
    return ticks.tick(ctx.connection, partial(plan_of, ctx), ctx.now, _BATCH, quiet=until)


def _passed(ctx: Context, payload: Mapping[str, Any]) -> Passed | None:
    """Answer what was passed; None where somebody has ended the clock, or the record, since."""
    clock = clock_by_id(ctx.connection, int(payload["clock"]))
    entity, number = str(payload["entity"]), int(payload["record"])
    if clock is None or _ended(ctx, clock) or not ctx.snapshot.catalog.has("entity", entity):
        return None
    record = fetch(ctx.connection, ctx.snapshot.table(entity), [number]).get(number)
    if record is None or record.deleted_at is not None:
        return None
    return Passed(
        clock=clock,
        mark=str(payload["mark"]),
        record=record,
        do=str(payload["do"]),
        settings=payload["settings"],
    )


def _ended(ctx: Context, clock: RunningClock) -> bool:
    """Answer whether a clock is over; an action that ended its own calls none of the others off."""
    if clock.finished_at is None:
        return False
    own = last_written_by(ctx.connection, clock.entity, clock.record, _source(clock.clock))
    return own is None or to_second(own) != clock.finished_at


def _source(definition: str) -> str:
    return f"clock:{definition}"
