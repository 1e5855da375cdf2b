"""Imports as jobs, for files that come in over HTTP."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.errors import Conflict
from loopline.jobs.queue import Job, enqueue
from loopline.services.imports.run import OpenAs, run

KIND: Final = "import.run"


def enqueue_import(ctx: Context, import_id: int) -> None:
    """Have a worker perform an import, in the caller's transaction; asking twice is asking once."""
    key = f"{KIND}:{import_id}"
    enqueue(ctx.connection, KIND, {"import_id": import_id}, ctx.now, unique_key=key)


def import_handler(open_as: OpenAs, files: Path) -> Mapping[str, Callable[[Job], None]]:
    """Answer the handler; it may be repeated, each row goes in once."""

    def perform(job: Job) -> None:
        with suppress(Conflict):  # another run of the same import has taken its place
            run(open_as, files, int(job.payload["import_id"]))

    return {KIND: perform}
