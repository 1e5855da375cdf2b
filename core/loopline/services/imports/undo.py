"""Undoing an import: what it made goes to the bin, what it changed is set back.

The trail names the import in all that it wrote, and is read backwards: batch by batch, each its
own transaction that also moves the cursor. Whatever ends the work, the next goes on from there.
"""

from collections.abc import Sequence
from typing import Final

from loopline.access.context import Context
from loopline.errors import Conflict
from loopline.services.imports.request import ImportReport, noted, report_of, undone_of
from loopline.services.imports.run import OpenAs, Progress
from loopline.services.imports.runs import own_run
from loopline.services.imports.taking_back import TakeBack, Taken
from loopline.services.mapping.file import load_mapping
from loopline.services.permits import require_entity
from loopline.store import imports as store
from loopline.store.imports import UNDOING, UNDONE, UNFINISHED, ImportRun
from loopline.store.sources import written_from

BATCH: Final = 200
_TOLD: Final = 100
_DONE: Final = frozenset({UNDOING, UNDONE})


def may_undo(ctx: Context, run: ImportRun) -> bool:
    """Whether a run wrote something that the actor could take back now."""
    if run.state in UNFINISHED | _DONE or run.options.get("dry_run"):
        return False
    entity = ctx.snapshot.catalog.entity(run.entity)
    needed = _needed(run)
    return bool(needed) and all(ctx.rights.allows(entity, right) for right in needed)


def begin_undo(ctx: Context, import_id: int) -> ImportRun:
    """Mark an import as being undone; one that is so, or was, is answered as it stands.

    Raises NotFound, Conflict for a rehearsal and while rows are written, Forbidden where the actor
    may delete or change no record of its entity.
    """
    run = own_run(ctx, import_id, lock=True)
    if run.state in _DONE:
        return run
    if run.options.get("dry_run"):
        raise Conflict(code="import.undo_rehearsal", id=import_id)
    if run.state in UNFINISHED:
        raise Conflict(code="import.undo_running", id=import_id)
    one = ctx.snapshot.table(run.entity)
    for right in _needed(run):
        require_entity(ctx, one, right)
    begun: dict[str, object] = {
        "by": ctx.actor.id,
        "before": None,
        "reasons": [],
        **Taken().counts(),
    }
    store.note(ctx.connection, import_id, {**run.notes, "undone": begun}, state=UNDOING)
    return store.read(ctx.connection, import_id)


def undo(open_as: OpenAs, import_id: int, progress: Progress | None = None) -> ImportReport:
    """Undo an import that is marked so, in the name of whoever asked; another is left as it is.

    ``progress`` is told how many records are settled, of how many.
    """
    with open_as(None, via="import", source=None) as ctx:
        run = store.read(ctx.connection, import_id)
    while run.state == UNDOING:
        asked = run.notes["undone"]["by"]
        with open_as(asked, via="import", source=_undoing(import_id)) as ctx:
            run = _step(ctx.because(undo=True), import_id)
        so_far = undone_of(run)
        if progress is not None and so_far is not None:
            progress(so_far.removed + so_far.reverted, run.created + run.updated)
    return report_of(run)


def _needed(run: ImportRun) -> Sequence[str]:
    """Answer the rights that undoing what a run wrote takes."""
    wrote = {"delete": run.created, "update": run.updated}
    return [right for right, count in wrote.items() if count]


def _step(ctx: Context, import_id: int) -> ImportRun:
    """Take the next writes back; answer the run, undone where none are left."""
    run = store.read(ctx.connection, import_id, lock=True)
    if run.state != UNDOING:
        return run
    marked, source = run.notes["undone"], f"import:{import_id}"
    found = written_from(
        ctx.connection, source, run.actor, _entities(ctx, run), BATCH, marked["before"]
    )
    wanted = TakeBack(
        ctx=ctx, entity=run.entity, given=_given(run), source=source, own=_undoing(import_id)
    )
    taken = wanted.perform([change for _, change in found])
    counted = {name: marked[name] + number for name, number in taken.counts().items()}
    reasons = [*marked["reasons"], *map(noted, taken.kept)][:_TOLD]
    before = found[-1][0] if found else marked["before"]
    notes = {**run.notes, "undone": {**marked, **counted, "reasons": reasons, "before": before}}
    store.note(ctx.connection, import_id, notes, state=UNDOING if found else UNDONE)
    return store.read(ctx.connection, import_id)


def _given(run: ImportRun) -> frozenset[str]:
    """Answer the fields that the file gave; what else a write moved was worked out by the site.

    None are known of a run of an earlier version, which kept no mapping.
    """
    if not run.notes.get("mapping"):
        return frozenset()
    mapping = load_mapping(run.notes["mapping"])
    return frozenset({*(one.field for one in mapping.columns.values()), *mapping.constants})


def _entities(ctx: Context, run: ImportRun) -> Sequence[str]:
    """Answer the entity of a run, and those of which its link columns may have made records.

    What guards and plugins added goes the way their links say, as with every deletion.
    """
    entity = ctx.catalog.entity(run.entity)
    linked = {one.to for one in entity.links if ctx.catalog.has("entity", one.to)}
    kept = {one for one in linked if ctx.catalog.entity(one).traits.append_only}
    return sorted({run.entity, *linked} - kept)


def _undoing(import_id: int) -> str:
    return f"import-undo:{import_id}"
