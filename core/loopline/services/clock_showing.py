"""The clocks of a record for whoever reads it: how each stands, and how its end was computed."""

from collections.abc import Iterator
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.jobs.clock_rows import RunningClock, clocks_of
from loopline.language import Label
from loopline.meta.approval_deadlines import deadline_clocks
from loopline.meta.clocks import ClockDef
from loopline.meta.scope import EntityScope
from loopline.services import records


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownClock:
    """A clock of a record. ``told`` says how its end was computed, ``reason`` why it is paused."""

    definition: ClockDef
    row: RunningClock
    told: str
    reason: Label | None


def record_clocks(
    ctx: Context, entity: str, record: int, *, ended: bool = True
) -> tuple[ShownClock, ...]:
    """Answer the clocks of a record, the newest first, without those that ended if not ``ended``.

    A clock that rests on fields which the actor may not read is left out: that it runs would give
    them away. Raises NotFound where they may not read the record.
    """
    records.get(ctx, entity, record)
    return shown_clocks(ctx, entity, record, ended=ended)


def shown_clocks(ctx: Context, entity: str, record: int, *, ended: bool) -> tuple[ShownClock, ...]:
    """Answer the same of a record that the actor was seen to read."""
    catalog = ctx.snapshot.catalog
    defined = (*catalog.clocks.get(entity, ()), *deadline_clocks(catalog, entity))
    known = {one.id: one for one in defined}
    if not known:
        return ()
    told = {name for name, one in known.items() if _is_told(ctx, one)}
    return tuple(
        _shown(ctx, known[row.clock], row)
        for row in clocks_of(ctx.connection, entity, record)
        if row.clock in told and (ended or row.finished_at is None)
    )


def _shown(ctx: Context, definition: ClockDef, row: RunningClock) -> ShownClock:
    reasons = {one.id: one.reason for one in definition.pauses}
    return ShownClock(
        definition=definition,
        row=row,
        told=Label(dict(row.told)).to(ctx.actor.language),
        reason=reasons.get(row.pause_reason or ""),
    )


def _is_told(ctx: Context, definition: ClockDef) -> bool:
    """Whether the actor may read, unmasked, whatever starts, pauses, stops and ends a clock."""
    if ctx.rights.unrestricted:
        return True
    try:
        paths = set(_paths(ctx, definition))
    except LooplineError:
        return False
    return all(_is_open(ctx, definition.entity, path) for path in paths)


def _paths(ctx: Context, definition: ClockDef) -> Iterator[tuple[str, ...]]:
    if definition.due_field:
        yield (definition.due_field,)
    scope = EntityScope(ctx.catalog, ctx.snapshot.types, definition.entity)
    pauses = (one.when for one in definition.pauses)
    for text in (definition.start_when, definition.stop_when, *pauses):
        if text:
            yield from references(check(parse(text), scope))


def _is_open(ctx: Context, entity: str, path: tuple[str, ...]) -> bool:
    """Whether no field on a path of links is masked or kept from the actor."""
    for step in path:
        seen = ctx.catalog.entity(entity) if ctx.catalog.has("entity", entity) else None
        field = None if seen is None else seen.field(step)
        if field is None or field.masked:
            return False
        entity = field.to
    return True
