"""Entering stages: what a batch that moves writes besides, and what keeps records from it.

Part of the one way of writing, between the guards and the checks, whatever the door.
"""

from collections.abc import Collection, Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.hooks.boundary import plugin_failed
from loopline.hooks.calls import NOBODY, Guarded
from loopline.hooks.events import RecordsMoving, StageMove
from loopline.services.guarding import change_of, refuse_strangers
from loopline.services.pipelines.asking import refusals
from loopline.services.pipelines.moves import Move, State, full_row, moves_of
from loopline.services.pipelines.written import write_entries
from loopline.store.tables import RecordTable


def enter(
    ctx: Context,
    one: RecordTable,
    states: Sequence[State],
    given: Sequence[Collection[str]],
) -> Guarded:
    """Answer what moves in a batch write besides, and the problems of those that may not be.

    ``states`` are (record as it was, values as they will be), ``given`` names what was said of
    each. Raises PluginFailed, NotValid as guards do.
    """
    moves = moves_of(ctx, one.entity.id, states)
    if not moves:
        return NOBODY
    moved = {move.index for move in moves}
    rows = {at: dict(full_row(ctx, *states[at])) for at in moved}
    said = {at: _said(*states[at], given[at]) for at in moved}
    problems = write_entries(ctx, one, moves, rows, said)
    for event, found in _asked(ctx, one, moves, states, rows, given):
        refuse_strangers(one, found.setters, "before_transition")
        _refuse_stages(found.setters, event)
        for at, more in found.values.items():
            rows[at].update(more)
        for at, refused in found.problems.items():
            problems.setdefault(at, []).extend(refused)
    for at, asked in refusals(ctx, one.entity, moves, rows).items():
        problems.setdefault(at, []).extend(asked)
    values = {at: _differing(states[at][1], rows[at], one) for at in moved}
    return Guarded(values, {at: tuple(found) for at, found in problems.items() if found})


def _said(old: object, new: Mapping[str, object], given: Collection[str]) -> frozenset[str]:
    before = getattr(old, "values", {})
    return frozenset(name for name in given if new.get(name) != before.get(name))


def _differing(
    given: Mapping[str, object], row: Mapping[str, object], one: RecordTable
) -> dict[str, object]:
    return {
        name: value
        for name, value in row.items()
        if name in one.fields and given.get(name) != value
    }


def _asked(
    ctx: Context,
    one: RecordTable,
    moves: Sequence[Move],
    states: Sequence[State],
    rows: Mapping[int, Mapping[str, object]],
    given: Sequence[Collection[str]],
) -> list[tuple[RecordsMoving, Guarded]]:
    """Ask plugins, once for each pipeline of the batch."""
    if not (ctx.guarding and ctx.calls.named("before_transition")):
        return []
    of: dict[tuple[str, str], list[StageMove]] = {}
    for move in moves:
        if move.pipeline is not None:
            at = move.index
            change = change_of(at, states[at][0], _fields(one, rows[at]), given[at])
            of.setdefault((move.pipeline.id, move.field), []).append(
                StageMove(change, move.before, move.after)
            )
    found = []
    for (pipeline, field), some in of.items():
        event = RecordsMoving(
            entity=one.entity.id, pipeline=pipeline, field=field, moves=tuple(some), via=ctx.via
        )
        with ctx.connection.begin_nested():  # whoever tells of a failure can still read
            found.append((event, ctx.calls.before_transition(ctx.unguarded().contexts, event)))
    return found


def _fields(one: RecordTable, row: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in row.items() if name in one.fields}


def _refuse_stages(setters: Mapping[str, str], event: RecordsMoving) -> None:
    """Raise PluginFailed where a plugin sets the stage that it is asked about."""
    if event.field in setters:
        raise plugin_failed(setters[event.field], "before_transition", f"{event.field}: stage")


def all_problems(*found: Guarded) -> dict[int, tuple[Problem, ...]]:
    """Answer the problems of several askings of one batch, by index."""
    merged: dict[int, tuple[Problem, ...]] = {}
    for one in found:
        for at, problems in one.problems.items():
            merged[at] = (*merged.get(at, ()), *problems)
    return merged
