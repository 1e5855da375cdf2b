"""Undoing an import: what it made is deleted, what it changed is set back.

The trail names the import in all that it wrote, and is read backwards: batch by batch, each its
own transaction that also moves the cursor. Whatever ends the work, the next goes on from there.
"""

from collections.abc import Sequence
from typing import Final

from loopline.access.context import Context
from loopline.errors import Conflict, LooplineError
from loopline.services.imports.request import ImportReport, Undone, noted, report_of, undone_of
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


def may_undo(ctx: Context, run: ImportRun) -> bool:
    """Whether a run wrote something that the actor could take back now.

    Again where some records were left, and where taking back broke off.
    """
    done = undone_of(run)
    asked = run.state == UNDOING and not run.failure
    if run.options.get("dry_run") or run.state in UNFINISHED or asked:
        return False
    if done is not None and run.state == UNDONE and not done.kept:
        return False
    entity = ctx.snapshot.catalog.entity(run.entity)
    needed = _needed(run)
    granted = all(ctx.rights.allows(entity, right) for right in needed)
    return bool(needed) and granted and not entity.traits.append_only


def begin_undo(ctx: Context, import_id: int) -> ImportRun:
    """Mark an import as being undone by the actor; one of which nothing is left is answered.

    One that still goes on writes no further row. Raises NotFound, Conflict for a rehearsal,
    Forbidden where the actor may delete or change no record of its entity.
    """
    run = own_run(ctx, import_id, lock=True)
    if run.options.get("dry_run"):
        raise Conflict(code="import.undo_rehearsal", id=import_id)
    done = undone_of(run) or Undone()
    if run.state == UNDONE and not done.kept:
        return run
    one = ctx.snapshot.table(run.entity)
    for right in _needed(run):
        require_entity(ctx, one, right)
    if run.state == UNDOING:
        marked = {**run.notes["undone"], "by": ctx.actor.id}
    else:
        counted = {**Taken().counts(), "removed": done.removed, "reverted": done.reverted}
        marked = {"by": ctx.actor.id, "before": None, "reasons": [], **counted}
    notes = {**run.notes, "undone": marked}
    store.note(ctx.connection, import_id, notes, state=UNDOING, error=None)
    return store.read(ctx.connection, import_id)


def undo(open_as: OpenAs, import_id: int, progress: Progress | None = None) -> ImportReport:
    """Undo an import that is marked so, in the name of whoever asked; another is left as it is.

    ``progress`` is told how many records are settled, of how many. What ends it before its time
    is kept with the run, and raised.
    """
    with open_as(None, via="import", source=None) as ctx:
        run = store.read(ctx.connection, import_id)
    while run.state == UNDOING:
        try:
            run = _next(open_as, run)
        except LooplineError as error:
            with open_as(None, via="import", source=None) as ctx:
                store.break_off(ctx.connection, import_id, error.reasons())
            raise
        done = undone_of(run)
        if progress is not None and done is not None:
            progress(done.removed + done.reverted, run.created + run.updated)
    return report_of(run)


def _next(open_as: OpenAs, run: ImportRun) -> ImportRun:
    asked = run.notes["undone"]["by"]
    with open_as(asked, via="import", source=_undoing(run.id)) as ctx:
        return _step(ctx.because(undo=True), run.id)


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
    more = len(found) == BATCH
    store.note(ctx.connection, import_id, notes, state=UNDOING if more else UNDONE, error=None)
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
