"""Clocks follow their records: what is written starts, pauses, restarts and stops them.

Called for every write of a record, through whatever door, in the same transaction.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from loopline.access.context import Context
from loopline.jobs import clocks
from loopline.jobs.clock_rows import RunningClock, latest_of
from loopline.jobs.clock_times import ClockPlan, clock_plan
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.store.rows import Record

Pair = tuple[Record | None, Record | None]
"""A record before and after a write: no before for a new one, no after for one that went away."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Which of a clock's conditions hold for a record; ``paused`` names the pause."""

    started: bool = False
    stopped: bool = False
    paused: str = ""


def follow(ctx: Context, entity: str, pairs: Sequence[Pair], *, made: bool = False) -> None:
    """Move the clocks of an entity's records after these were written, or ``made``: without any."""
    definitions = ctx.snapshot.catalog.clocks.get(entity, ())
    if not definitions or not pairs or ctx.past is not None:
        return
    ids = [either.id for pair in pairs if (either := pair[1] or pair[0])]
    for definition in definitions:
        plan = plan_of(ctx, definition.id)
        if plan is None or not (definition.start_when or definition.due_field):
            continue
        known = {} if made else latest_of(ctx.connection, definition.id, entity, ids)
        before = _conditions(ctx, plan, [old for old, _ in pairs])
        after = _conditions(ctx, plan, [new for _, new in pairs])
        for record, (old, new) in zip(ids, pairs, strict=True):
            if new is None:
                clocks.stop(ctx.connection, plan, record, ctx.now, met=False)
            else:
                held = before.get(record), after[record]
                _move(ctx, plan, known.get(record), old, new, held)


def begin(ctx: Context, name: str, records: Sequence[Record], at: datetime | None) -> int:
    """Start a clock, as of a moment, on those records that never had it; answer how many.

    Without a moment it starts as of each record's last change.
    """
    plan = plan_of(ctx, name)
    if plan is None or not records:
        return 0
    known = latest_of(ctx.connection, name, plan.definition.entity, [one.id for one in records])
    fresh = [one for one in records if one.id not in known]
    held = _conditions(ctx, plan, fresh)
    begun = 0
    for one in fresh:
        due = _due(plan, one)
        if not held[one.id].started or held[one.id].stopped:
            continue
        if due is None and plan.definition.due_field:
            continue
        since = at or one.updated_at
        begun += clocks.start(ctx.connection, plan, one.id, since, due) is not None
        if held[one.id].paused:
            clocks.pause(ctx.connection, plan, one.id, since, held[one.id].paused)
    return begun


def plan_of(ctx: Context, name: str) -> ClockPlan | None:
    """Answer the plan of a clock by id, made once a release; None for one that is no more."""
    return ctx.snapshot.memo(
        ("clock", name, ctx.site_zone),
        lambda: clock_plan(ctx.snapshot.catalog, name, ctx.site_zone, ctx.messages),
    )


def _move(
    ctx: Context,
    plan: ClockPlan,
    last: RunningClock | None,
    old: Record | None,
    new: Record,
    held: tuple[_Held | None, _Held],
) -> None:
    """Move one clock of one record; ``last`` is the newest there was, running or ended."""
    before, after = held
    running = last is not None and last.finished_at is None
    due = _due(plan, new)
    begins = after.started and (last is None or before is None or not before.started)
    if running and after.stopped:
        clocks.stop(ctx.connection, plan, new.id, ctx.now)
    elif running and (not after.started or (plan.definition.due_field and due is None)):
        met = not plan.definition.stop_when
        clocks.stop(ctx.connection, plan, new.id, ctx.now, met=met)
    elif after.started and not after.stopped and (begins or _restarts(plan, old, new)):
        if due is not None or not plan.definition.due_field:
            begin_anew = clocks.restart if running else clocks.start
            begin_anew(ctx.connection, plan, new.id, ctx.now, due)
            if after.paused:
                clocks.pause(ctx.connection, plan, new.id, ctx.now, after.paused)
    elif running:
        _pause(ctx, plan, new.id, after)


def _pause(ctx: Context, plan: ClockPlan, record: int, held: _Held) -> None:
    if held.paused:
        clocks.pause(ctx.connection, plan, record, ctx.now, held.paused)
    else:
        clocks.resume(ctx.connection, plan, record, ctx.now)


def _restarts(plan: ClockPlan, old: Record | None, new: Record) -> bool:
    definition = plan.definition
    names = (*definition.restart_on, *filter(None, (definition.due_field,)))
    return old is not None and any(old.value(name) != new.value(name) for name in names)


def _due(plan: ClockPlan, record: Record) -> datetime | None:
    """Answer the end that the record itself says; a date ends with its working hours."""
    if not plan.definition.due_field:
        return None
    value = record.value(plan.definition.due_field)
    if isinstance(value, datetime):
        return value
    return plan.calendar.end_of(value) if isinstance(value, date) else None


def _conditions(
    ctx: Context, plan: ClockPlan, records: Sequence[Record | None]
) -> Mapping[int, _Held]:
    """Answer which conditions of a clock hold for each record that is there."""
    there = [record for record in records if record is not None]
    if not there:
        return {}
    rows: list[Mapping[str, object]] = [_row(record) for record in there]
    definition = plan.definition
    texts = (definition.start_when, definition.stop_when, *(one.when for one in definition.pauses))
    compiled = {text: predicate(ctx.snapshot, definition.entity, text) for text in texts if text}
    links = frozenset(link for _, needed in compiled.values() for link in needed)
    linked = linked_records(ctx, definition.entity, links, rows)

    def holds(text: str, row: Mapping[str, object]) -> bool:
        return compiled[text][0](values_of(row, linked), ctx.moment)

    def paused(row: Mapping[str, object]) -> Iterator[str]:
        return (one.id for one in definition.pauses if holds(one.when, row))

    return {
        record.id: _Held(
            started=not definition.start_when or holds(definition.start_when, row),
            stopped=bool(definition.stop_when) and holds(definition.stop_when, row),
            paused=next(paused(row), ""),
        )
        for record, row in zip(there, rows, strict=True)
    }


def _row(record: Record) -> Mapping[str, object]:
    reserved = ("id", "created_at", "created_by", "updated_at", "updated_by")
    return {**{name: record.value(name) for name in reserved}, **record.values}
