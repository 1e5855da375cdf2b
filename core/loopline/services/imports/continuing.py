"""Going on from a run: rehearsed again with other columns, or carried out, of the same file."""

from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.services.imports.job import enqueue_import
from loopline.services.imports.request import ImportOptions, ImportRequest
from loopline.services.imports.runs import own_run
from loopline.services.imports.start import start
from loopline.store import imports as store
from loopline.store.imports import ImportRun

_CARRIED_OUT: Final = "carried_out"


def begin(ctx: Context, request: ImportRequest, files: Path) -> int:
    """Enter an import and have a worker perform it; answer its id. Raises as ``start`` does."""
    import_id = start(ctx, request, files)
    enqueue_import(ctx, import_id)
    return import_id


def begin_again(ctx: Context, run: ImportRun, options: ImportOptions, files: Path) -> int:
    """Enter an import of the file of another run; answer its id. Raises as ``start`` does."""
    request = ImportRequest(
        entity=run.entity,
        file_name=run.file_name,
        content=files / run.stored_file,
        options=options,
    )
    return begin(ctx, request, files)


def carried_out(run: ImportRun) -> int | None:
    """Answer the import that a rehearsal led to, None where it led to none yet."""
    found = run.notes.get(_CARRIED_OUT)
    return int(found) if found is not None else None


def carry_out(ctx: Context, rehearsal: int, options: ImportOptions, files: Path) -> int:
    """Import what a rehearsal showed, once: asked twice, the same import is answered.

    Raises as ``start`` does, and NotFound.
    """
    run = own_run(ctx, rehearsal, lock=True)
    known = carried_out(run)
    if known is not None:
        return known
    import_id = begin_again(ctx, run, options, files)
    store.note(ctx.connection, rehearsal, {**run.notes, _CARRIED_OUT: import_id})
    return import_id
