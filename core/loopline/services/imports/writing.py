"""Writing a batch of rows: created, updated, skipped, refused or left waiting."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.duplicates.finding import alike
from loopline.services.editing import real_changes, update_many
from loopline.services.imports.matching import KeyMatcher, rounds
from loopline.services.imports.plan import Plan
from loopline.services.imports.reading import ReadRow, RowReader
from loopline.services.ownership import OWNER
from loopline.services.records import Outcome, create_many
from loopline.services.tabular.table import Row
from loopline.store.imports import RowProblem
from loopline.store.rows import Record, fetch

_NOT_CHANGED: Final = frozenset({"id", "created_at"})


@dataclass(slots=True)
class Batch:
    """What became of some rows."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    look_alikes: int = 0
    failed: list[ReadRow] = field(default_factory=list)
    waiting: list[int] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Answer how many rows are settled."""
        return self.created + self.updated + self.skipped + len(self.failed)

    def add(self, other: "Batch") -> None:
        """Count another batch in."""
        self.created += other.created
        self.updated += other.updated
        self.skipped += other.skipped
        self.look_alikes += other.look_alikes
        self.failed += other.failed
        self.waiting += other.waiting

    def problems(self) -> list[RowProblem]:
        """Answer every reason, the row's cells with its first."""
        return [
            RowProblem(
                row=one.row.number,
                column=column,
                code=problem.code,
                params={**problem.params, "_path": problem.path},
                cells=one.row.cells if index == 0 else (),
            )
            for one in self.failed
            for index, (column, problem) in enumerate(one.problems)
        ]


class BatchWriter:
    """Writes the rows of one import under one snapshot."""

    def __init__(self, ctx: Context, plan: Plan) -> None:
        self._plan = plan
        self._reader = RowReader(ctx, plan)
        self._one = self._reader.one
        self._headings = {one.field: one.heading for one in plan.columns}
        defaults = {n for n, one in self._one.fields.items() if one.definition.default is not None}
        self._left_out = (defaults | _NOT_CHANGED) & self._headings.keys()
        self._matcher = (
            KeyMatcher(self._one, plan.key, self._headings.get(plan.key, "")) if plan.key else None
        )

    def write(self, ctx: Context, rows: Sequence[Row], *, final: bool = False) -> Batch:
        """Write rows in the caller's transaction. A row with any problem is left out as a whole."""
        batch = Batch()
        sound: list[ReadRow] = []
        for one in self._reader.read(ctx, rows, final=final):
            if one.problems:
                batch.failed.append(one)
            elif one.waits:
                batch.waiting.append(one.row.number)
            else:
                sound.append(one)
        for part in rounds(sound, self._matcher):
            self._write_part(ctx, part, batch)
        return batch

    def _write_part(self, ctx: Context, rows: Sequence[ReadRow], batch: Batch) -> None:
        matched = [None] * len(rows) if self._matcher is None else self._matcher.match(ctx, rows)
        new: list[ReadRow] = []
        known: dict[int, ReadRow] = {}
        for row, record in zip(rows, matched, strict=True):
            if row.problems:
                batch.failed.append(row)
            elif record is None:
                new.append(row)
            elif self._may_touch(row, batch):
                known[record] = row
        self._create(ctx, new, batch)
        if known:
            self._update(ctx, known, batch)

    def _may_touch(self, row: ReadRow, batch: Batch) -> bool:
        """Answer whether a record that was found is to be changed; counts the row if not."""
        if self._plan.on_match == "error" and self._matcher is not None:
            self._matcher.exists(row)
            batch.failed.append(row)
        elif self._plan.on_match == "skip":
            batch.skipped += 1
        else:
            return True
        return False

    def _create(self, ctx: Context, rows: Sequence[ReadRow], batch: Batch) -> None:
        """Create records; a blank cell leaves the field to its default."""
        if not rows:
            return
        given = [self._given(ctx, row) for row in rows]
        known = alike(ctx, self._plan.entity, given)
        outcomes = create_many(ctx, self._plan.entity, given)
        for row, outcome, twin in zip(rows, outcomes, known, strict=True):
            if self._stands(row, outcome, batch):
                batch.created += 1
                batch.look_alikes += twin

    def _given(self, ctx: Context, row: ReadRow) -> dict[str, object]:
        values = dict(row.values)
        for name in self._left_out:
            if values.get(name) is None or name == "id":
                values.pop(name, None)
        if self._plan.mine and values.get(OWNER) is None:
            values[OWNER] = ctx.actor.id
        return values

    def _update(self, ctx: Context, rows: dict[int, ReadRow], batch: Batch) -> None:
        current = fetch(ctx.connection, self._one, list(rows), lock=True)
        changes = {
            record: found
            for record, row in rows.items()
            if (found := self._changes(current[record], row))
        }
        batch.skipped += len(rows) - len(changes)
        if not changes:
            return
        for record, outcome in update_many(ctx, self._plan.entity, changes).items():
            if self._stands(rows[record], outcome, batch):
                batch.updated += 1

    def _changes(self, record: Record, row: ReadRow) -> dict[str, object]:
        """Answer what the row would change; blank cells clear a field, but no numbered code."""
        filling = self._plan.on_match == "fill"
        return {
            name: value
            for name, value in real_changes(record, row.values).items()
            if name not in _NOT_CHANGED
            and not (filling and record.values.get(name) is not None)
            and not (value is None and self._one.fields[name].definition.numbering)
        }

    def _stands(self, row: ReadRow, outcome: Outcome, batch: Batch) -> bool:
        if isinstance(outcome, int):
            return True
        row.problems += [(self._headings.get(_field_of(p), ""), p) for p in outcome]
        batch.failed.append(row)
        return False


def _field_of(problem: Problem) -> str:
    return problem.path.removeprefix("fields.")
