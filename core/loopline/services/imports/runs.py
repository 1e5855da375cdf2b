"""Runs as people may see them: their own."""

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.store import imports as store
from loopline.store.imports import ImportRun


def own_run(ctx: Context, import_id: int, *, lock: bool = False) -> ImportRun:
    """Answer a run of the actor's own, to those without limits anybody's.

    A run tells cells of its file, which only whoever sent it may read. Raises NotFound.
    """
    run = store.read(ctx.connection, import_id, lock=lock)
    if not ctx.rights.unrestricted and (ctx.actor.id is None or run.actor != ctx.actor.id):
        raise NotFound(code="import.not_found", id=import_id)
    return run
