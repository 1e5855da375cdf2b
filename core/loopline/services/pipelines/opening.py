"""Opening: records from before a pipeline get a history, by a job that follows the publish."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Final

from loopline.access.context import Context
from loopline.jobs.queue import Job, enqueue
from loopline.meta.catalog import Catalog
from loopline.services.pipelines.history import open_histories
from loopline.store.deferred import living_ids
from loopline.store.rows import fetch
from loopline.store.snapshot import Snapshot

OPEN: Final = "pipelines.open"
_BATCH: Final = 1_000
Opener = Callable[[], AbstractContextManager[Context]]


def open_published(ctx: Context, candidate: Snapshot) -> None:
    """Have the histories opened of choices that a release begins to have a pipeline over."""
    begun = set(_followed(candidate.catalog)) - set(_followed(ctx.snapshot.catalog))
    for entity, field in sorted(begun):
        enqueue(ctx.connection, OPEN, {"entity": entity, "field": field}, ctx.now)


def opening_handlers(open_context: Opener) -> Mapping[str, Callable[[Job], None]]:
    """Answer the job; each batch is its own transaction and may be repeated."""

    def run(job: Job) -> None:
        entity, field = str(job.payload["entity"]), str(job.payload["field"])
        after: int | None = 0
        while after is not None:
            with open_context() as ctx:
                after = _open(ctx, entity, field, after)

    return {OPEN: run}


def _followed(catalog: Catalog) -> Iterator[tuple[str, str]]:
    return ((entity, field) for entity, fields in catalog.pipelines.items() for field in fields)


def _open(ctx: Context, entity: str, field: str, after: int) -> int | None:
    """Open the histories of the next records; answer the last of them, None at the end."""
    if field not in ctx.snapshot.catalog.pipelines.get(entity, ()):
        return None
    one = ctx.snapshot.table(entity)
    ids = living_ids(ctx.connection, one, after, _BATCH)
    if not ids:
        return None
    records = fetch(ctx.connection, one, ids, lock=True).values()
    open_histories(ctx, one, field, [one for one in records if one.deleted_at is None])
    return ids[-1]
