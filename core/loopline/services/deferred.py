"""The jobs that follow a publish."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final

from loopline.access.context import Context
from loopline.jobs.queue import Job
from loopline.services.publishing import BACKFILL, REINDEX, VALIDATE
from loopline.services.rollups import renew_all
from loopline.services.searching import index_anew
from loopline.store.deferred import fill_sort_keys, validate_link
from loopline.store.tables import SORT_SUFFIX

_BATCH: Final = 2_000
Opener = Callable[[], AbstractContextManager[Context]]


def _is_rollup(open_context: Opener, entity: str, field: str) -> bool:
    with open_context() as ctx:
        catalog = ctx.snapshot.catalog
        known = catalog.entity(entity).fields.get(field) if catalog.has("entity", entity) else None
        return known is not None and known.computed is not None


def deferred_handlers(open_context: Opener) -> Mapping[str, Callable[[Job], None]]:
    """Answer the handlers; each step is its own transaction and may be repeated."""

    def backfill(job: Job) -> None:
        entity = str(job.payload["table"]).removeprefix("r_")
        field = str(job.payload["name"]).removesuffix(SORT_SUFFIX)
        if _is_rollup(open_context, entity, field):
            renew_all(open_context, entity, field)
            return
        after: int | None = int(job.payload["after"])
        while after is not None:
            with open_context() as ctx:
                if not ctx.snapshot.catalog.has("entity", entity):
                    return
                one = ctx.snapshot.table(entity)
                if field not in one.fields or not one.fields[field].sort:
                    return
                after = fill_sort_keys(ctx.connection, one, field, after, _BATCH)

    def validate(job: Job) -> None:
        with open_context() as ctx:
            validate_link(ctx.connection, str(job.payload["table"]), str(job.payload["name"]))

    return {BACKFILL: backfill, VALIDATE: validate, REINDEX: _reindexer(open_context)}


def _reindexer(open_context: Opener) -> Callable[[Job], None]:
    """Answer what sets the search tokens of an entity anew, a batch a transaction."""

    def reindex(job: Job) -> None:
        entity = str(job.payload["entity"])
        after: int | None = 0
        while after is not None:
            with open_context() as ctx:
                if not ctx.snapshot.catalog.has("entity", entity):
                    return
                after = index_anew(ctx, ctx.snapshot.table(entity), after, _BATCH)

    return reindex
