"""Running an import: batch by batch, each its own transaction that also moves the cursor.

Whatever ends a run, the next one starts after the last row that was committed. Two processes may
work at the same run: each batch locks the run's row and leaves out what the other has done.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, Protocol

from loopline.access.context import Context
from loopline.errors import Conflict, LooplineError, NotValid
from loopline.services.imports.opening import open_table
from loopline.services.imports.plan import Plan, make_plan, mapping_of, remember
from loopline.services.imports.request import ImportOptions, ImportReport, report_of
from loopline.services.imports.writing import Batch, BatchWriter
from loopline.services.tabular.table import Row, Table
from loopline.store import imports as store
from loopline.store.imports import ImportRun
from loopline.store.statistics import renew_statistics

BATCH: Final = 1_000
_TRIES: Final = 3
_LOOK_ALIKES: Final = "look_alikes"
Progress = Callable[[int, int | None], None]


class _Ended(Exception):
    """Stops the work at a run that was left, or that another process brought to its end."""

    def __init__(self, run: ImportRun) -> None:
        super().__init__()
        self.run = run


class _Superseded(Exception):
    """Stops a failed run that is taken up again after another run took its place."""

    def __init__(self, other: int) -> None:
        super().__init__()
        self.other = other


class OpenAs(Protocol):
    """Opens a writing context for a user by id, the system for None; commits on leaving."""

    def __call__(
        self, user_id: int | None, *, via: str, source: str | None
    ) -> AbstractContextManager[Context]:
        """Open it."""


def run(
    open_as: OpenAs, files: Path, import_id: int, progress: Progress | None = None
) -> ImportReport:
    """Perform an import from where it stands; one that has ended is left as it is.

    Raises NotValid when its file or mapping does not fit any more, Conflict when another run of the
    same import has taken its place. Marks the run as failed, in the latter case as left, which
    keeps the reason it had failed for.
    """
    try:
        return _Runner(open_as, files, import_id, progress).run()
    except _Ended as ended:
        return report_of(ended.run)
    except _Superseded as error:
        with open_as(None, via="import", source=f"import:{import_id}") as ctx:
            store.leave_one(ctx.connection, import_id)
        raise Conflict(code="import.superseded", id=import_id, other=error.other) from None
    except LooplineError as error:
        with open_as(None, via="import", source=f"import:{import_id}") as ctx:
            store.fail(ctx.connection, import_id, error.reasons())
        raise


class _Runner:
    """One process at work on one run."""

    def __init__(
        self, open_as: OpenAs, files: Path, import_id: int, progress: Progress | None
    ) -> None:
        self._open_as, self._files, self._id = open_as, files, import_id
        self._progress = progress
        self._actor: int | None = None
        self._revision: int | None = None
        self._table: Table
        self._options: ImportOptions
        self._plan: Plan
        self._writer: BatchWriter
        self._total: int | None = None

    def run(self) -> ImportReport:
        with self._open_as(None, via="import", source=None) as ctx:
            self._actor = store.read(ctx.connection, self._id).actor
        with self._step(afresh=True) as (ctx, run):
            other = store.take_up(ctx.connection, self._id)
            if other is not None:
                raise _Superseded(other)
            self._open(ctx, run)
            self._total = run.total
        if self._total is None:
            self._total = sum(1 for _ in self._table.rows)
        if self._options.dry_run:
            self._insist(self._rehearse)
        else:
            self._write_rows(run.done_row)
            self._write_waiting()
        return self._finish()

    @contextmanager
    def _step(self, *, afresh: bool = False) -> Iterator[tuple[Context, ImportRun]]:
        """Open a transaction of the run's user that holds the run's row.

        Raises _Ended; a run that failed in other hands is only gone on with ``afresh``.
        """
        with self._open_as(self._actor, via="import", source=f"import:{self._id}") as ctx:
            run = store.read(ctx.connection, self._id, lock=True)
            if run.state in store.ENDED or (run.state == "failed" and not afresh):
                raise _Ended(run)
            yield ctx.because(assign=bool(run.options.get("assign", True))), run

    def _open(self, ctx: Context, run: ImportRun) -> None:
        self._options = ImportOptions.from_json(run.options)
        mapping = mapping_of(self._options, run.entity)
        header_row = mapping.header_row if mapping else None
        path = self._files / run.stored_file
        self._table = open_table(path, run.file_name, self._options, header_row)
        self._prepare(ctx, run)

    def _prepare(self, ctx: Context, run: ImportRun) -> BatchWriter:
        """Answer the writer, made anew when a release was published since."""
        if self._revision != ctx.snapshot.revision:
            self._plan = make_plan(ctx, run.entity, self._table, self._options)
            self._writer = BatchWriter(ctx, self._plan)
            self._revision = ctx.snapshot.revision
        return self._writer

    def _write_rows(self, done_row: int) -> None:
        rest = (row for row in self._table.rows if row.number > done_row)
        for rows in batches(rest):
            self._insist(partial(self._write_batch, rows))

    def _write_batch(self, rows: list[Row]) -> None:
        with self._step() as (ctx, run):
            fresh = [row for row in rows if row.number > run.done_row]
            batch = self._prepare(ctx, run).write(ctx, fresh)
            store.add_waiting(ctx.connection, self._id, batch.waiting)
            self._note(ctx, run, batch, done_row=max(run.done_row, rows[-1].number))

    def _insist(self, write: Callable[[], None]) -> None:
        """Write a batch again when another writer took a unique value meanwhile: now it is seen.

        What was looked up or created in the transaction that was undone is forgotten.
        """
        for _ in range(_TRIES - 1):
            try:
                return write()
            except NotValid:
                self._revision = None
        return write()

    def _write_waiting(self) -> None:
        """Write rows that waited for others, in rounds as long as one of them finds its record."""
        waiting = self._waiting()
        rows = [row for row in self._table.rows if row.number in waiting] if waiting else []
        final = False
        while rows:
            before = len(rows)
            for some in batches(rows):
                self._insist(partial(self._write_some_waiting, some, final=final))
            waiting = self._waiting()
            rows = [row for row in rows if row.number in waiting]
            final = len(rows) == before

    def _write_some_waiting(self, rows: list[Row], *, final: bool) -> None:
        with self._step() as (ctx, run):
            waiting = store.waiting_rows(ctx.connection, self._id)
            still = [row for row in rows if row.number in waiting]
            batch = self._prepare(ctx, run).write(ctx, still, final=final)
            ended = {row.number for row in still} - set(batch.waiting)
            store.drop_waiting(ctx.connection, self._id, sorted(ended))
            self._note(ctx, run, batch)

    def _waiting(self) -> set[int]:
        with self._step() as (ctx, _):
            return store.waiting_rows(ctx.connection, self._id)

    def _note(self, ctx: Context, run: ImportRun, batch: Batch, **values: object) -> None:
        """Write counters, cursor and reasons in the transaction of the rows they stand for."""
        counts = {
            "created": run.created + batch.created,
            "updated": run.updated + batch.updated,
            "skipped": run.skipped + batch.skipped,
            "failed": run.failed + len(batch.failed),
        }
        store.add_problems(ctx.connection, self._id, batch.problems())
        twins = int(run.notes.get(_LOOK_ALIKES, 0)) + batch.look_alikes
        notes = {**run.notes, _LOOK_ALIKES: twins}
        store.note(ctx.connection, self._id, notes, total=self._total, **counts, **values)
        self._tell(sum(counts.values()))

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(done, self._total)

    def _rehearse(self) -> None:
        """Do everything in one transaction, undo it, and keep the report alone."""
        with self._step() as (ctx, run):
            whole = Batch()
            writer = self._prepare(ctx, run)
            with store.rehearsal(ctx.connection):
                self._write_all(ctx, writer, whole)
            self._note(ctx, run, whole)

    def _write_all(self, ctx: Context, writer: BatchWriter, whole: Batch) -> None:
        for rows in batches(self._table.rows):
            whole.add(writer.write(ctx, rows))
            self._tell(whole.done)
        final = False
        while whole.waiting:
            waiting, whole.waiting = set(whole.waiting), []
            rows = [row for row in self._table.rows if row.number in waiting]
            for some in batches(rows):
                whole.add(writer.write(ctx, some, final=final))
            final = len(whole.waiting) == len(waiting)

    def _finish(self) -> ImportReport:
        with self._step() as (ctx, run):
            told = self._plan.notes() | {_LOOK_ALIKES: run.notes.get(_LOOK_ALIKES, 0)}
            values = {"state": "done", "finished_at": ctx.now, "total": self._total}
            store.note(ctx.connection, self._id, told, **values)
            if not self._options.dry_run and run.created + run.updated + run.skipped:
                remember(ctx, self._plan)
                renew_statistics(ctx.connection, ctx.snapshot.table(run.entity))
            return report_of(store.read(ctx.connection, self._id))


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in batches, each one transaction."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch
