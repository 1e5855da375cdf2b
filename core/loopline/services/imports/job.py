"""Imports as jobs, for files that come in over HTTP; and their undoing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.errors import Conflict
from loopline.jobs.queue import Job, enqueue
from loopline.services.imports.run import OpenAs, run
from loopline.services.imports.undo import begin_undo, undo
from loopline.store.imports import UNDOING, ImportRun

KIND: Final = "import.run"
_UNDO: Final = "import.undo"


def enqueue_import(ctx: Context, import_id: int) -> None:
    """Have a worker perform an import, in the caller's transaction; asking twice is asking once."""
    _enqueue(ctx, KIND, import_id)


def enqueue_undo(ctx: Context, import_id: int) -> ImportRun:
    """Have a worker undo an import of the actor's; answer it. Raises as ``begin_undo`` does."""
    marked = begin_undo(ctx, import_id)
    if marked.state == UNDOING:
        _enqueue(ctx, _UNDO, import_id)
    return marked


def import_handler(open_as: OpenAs, files: Path) -> Mapping[str, Callable[[Job], None]]:
    """Answer the handlers; they may be repeated, each row goes in once, and back once."""

    def perform(job: Job) -> None:
        with suppress(Conflict):  # another run of the same import has taken its place
            run(open_as, files, int(job.payload["import_id"]))

    def take_back(job: Job) -> None:
        undo(open_as, int(job.payload["import_id"]))

    return {KIND: perform, _UNDO: take_back}


def _enqueue(ctx: Context, kind: str, import_id: int) -> None:
    payload = {"import_id": import_id}
    enqueue(ctx.connection, kind, payload, ctx.now, unique_key=f"{kind}:{import_id}")
