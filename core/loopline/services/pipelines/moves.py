"""Moves: which records of a batch enter which stage, of which pipeline."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.meta.pipelines import PipelineDef, StageDef
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.services.permits import as_stored, row_of
from loopline.store.rows import Record

Values = Mapping[str, object]
State = tuple[Record | None, Values]
"""A record as it was, None for a new one, and its values as they will be."""


@dataclass(frozen=True, slots=True)
class Move:
    """A record of a batch whose stage changes. ``before`` and ``after`` are codes, None for blank.

    ``pipeline`` is None where none applies to the record as it will be.
    """

    index: int
    field: str
    pipeline: PipelineDef | None
    before: str | None
    after: str | None

    @property
    def stage(self) -> StageDef | None:
        """The stage that is entered; None where it is none of the pipeline."""
        return self.pipeline.stage(self.after) if self.pipeline else None


def moves_of(ctx: Context, entity: str, states: Sequence[State]) -> list[Move]:
    """Answer the moves in a batch: choices with a pipeline that will hold something else."""
    found: list[Move] = []
    for field in ctx.snapshot.catalog.pipelines.get(entity, ()):
        moved = [at for at, state in enumerate(states) if _differs(field, *state)]
        rows = [full_row(ctx, *states[at]) for at in moved]
        for at, one in zip(moved, pipelines_of(ctx, entity, field, rows), strict=True):
            old, new = states[at]
            before = None if old is None else old.values.get(field)
            found.append(Move(at, field, one, _code(before), _code(new.get(field))))
    return found


def pipelines_of(
    ctx: Context, entity: str, field: str, rows: Sequence[Values]
) -> list[PipelineDef | None]:
    """Answer for each row the pipeline over a field that applies to it: the first that holds."""
    pipelines = ctx.snapshot.catalog.pipelines.get(entity, {}).get(field, ())
    if not rows or not any(one.when for one in pipelines):
        return [pipelines[0] if pipelines else None] * len(rows)
    holding = Holding(ctx, entity, (one.when for one in pipelines), rows)
    return [
        next((one for one in pipelines if holding.holds(one.when, at)), None)
        for at in range(len(rows))
    ]


def pipeline_of(ctx: Context, record: Record, field: str) -> PipelineDef | None:
    """Answer the pipeline over a choice that applies to a record, by its whole values."""
    return pipelines_of(ctx, record.entity, field, [row_of(as_stored(ctx, record))])[0]


class Holding:
    """Which conditions hold for which rows; links that any of them follows are read once."""

    def __init__(
        self,
        ctx: Context,
        entity: str,
        texts: Collection[str] | Iterator[str],
        rows: Sequence[Values],
    ) -> None:
        self._moment = ctx.moment
        self._compiled = {
            text: predicate(ctx.snapshot, entity, text) for text in set(texts) if text
        }
        links = frozenset(link for _, needed in self._compiled.values() for link in needed)
        linked = linked_records(ctx, entity, links, list(rows))
        self._values = [values_of(row, linked) for row in rows]

    def holds(self, text: str, at: int) -> bool:
        """Whether a condition holds for the row at a place; blank always does."""
        return not text or self._compiled[text][0](self._values[at], self._moment)


def full_row(ctx: Context, old: Record | None, new: Values) -> Values:
    """Answer what expressions may read of a record as it will be."""
    if old is not None:
        return {**row_of(old), **new}
    actor, now = ctx.actor.id, ctx.now
    made: Values = {
        "created_at": now,
        "created_by": actor,
        "updated_at": now,
        "updated_by": actor,
    }
    return {**made, **new}


def _differs(field: str, old: Record | None, new: Values) -> bool:
    return new.get(field) != (None if old is None else old.values.get(field))


def _code(value: object) -> str | None:
    return None if value is None else str(value)
