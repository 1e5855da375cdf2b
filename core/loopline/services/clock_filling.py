"""Clocks reach records from before them: a batch a job, each of which enqueues the next.

What is done stays done whoever is killed when: a batch and the job for the next one are written
together, under a key by which there is one such job.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Final

from loopline.access.context import Context
from loopline.jobs.queue import Job, enqueue
from loopline.jobs.worker import Handler
from loopline.meta.catalog import Catalog
from loopline.meta.clocks import ClockDef
from loopline.services.clock_following import begin
from loopline.store.deferred import living_ids
from loopline.store.rows import Record, fetch

FILL: Final = "clock.fill"
BATCH: Final = 500
Opener = Callable[..., AbstractContextManager[Context]]


def begun_clocks(before: Catalog, after: Catalog) -> Iterator[ClockDef]:
    """Yield the clocks that begin to run by themselves, or on other records, in a release."""
    known = {one.id: one for some in before.clocks.values() for one in some}
    for some in after.clocks.values():
        for one in some:
            if (one.start_when or one.due_field) and _asks(known.get(one.id)) != _asks(one):
                yield one


def _asks(one: ClockDef | None) -> tuple[str, ...]:
    """Answer what decides on which records a clock runs."""
    return () if one is None else (one.entity, one.start_when, one.stop_when, one.due_field)


def enqueue_filling(ctx: Context, clock: str, revision: int) -> None:
    """Have a clock of a release that is being published start on the records there are."""
    _enqueue(ctx, {"clock": clock, "revision": revision, "at": ctx.now.isoformat(), "after": 0})


def _enqueue(ctx: Context, payload: Mapping[str, Any]) -> None:
    key = f"{FILL}:{payload['clock']}:{payload['revision']}:{payload['after']}"
    enqueue(ctx.connection, FILL, payload, ctx.now, unique_key=key)


def begin_all(ctx: Context, entities: Iterable[str]) -> int:
    """Start all clocks on the records there are, as of their last changes; answer how many."""
    begun = 0
    for entity in entities:
        for definition in ctx.snapshot.catalog.clocks.get(entity, ()):
            after: int | None = 0
            while after is not None:
                records, after = _next(ctx, entity, after)
                if definition.start_when or definition.due_field:
                    begun += begin(ctx, definition.id, records, None)
    return begun


def _next(ctx: Context, entity: str, after: int) -> tuple[list[Record], int | None]:
    """Answer the next records and the last number of theirs, None once there are no more."""
    one = ctx.snapshot.table(entity)
    ids = living_ids(ctx.connection, one, after, BATCH)
    found = fetch(ctx.connection, one, ids, lock=True).values() if ids else ()
    living = [record for record in found if record.deleted_at is None]
    return living, ids[-1] if len(ids) == BATCH else None


def clock_filling_handlers(opener: Opener) -> Mapping[str, Handler]:
    """Answer the job; it does one batch in one transaction, and may be repeated."""

    def fill(job: Job) -> None:
        name, after = str(job.payload["clock"]), int(job.payload["after"])
        with opener(via="job", source=f"clock:{name}") as ctx:
            catalog = ctx.snapshot.catalog
            definition = catalog.clock(name) if catalog.has("clock", name) else None
            if definition is None or not catalog.has("entity", definition.entity):
                return
            living, last = _next(ctx, definition.entity, after)
            begin(ctx, name, living, datetime.fromisoformat(str(job.payload["at"])))
            if last is not None:
                _enqueue(ctx, {**job.payload, "after": last})

    return {FILL: fill}
