"""What follows from every write of records: stages, trail, clocks, roll-ups, approvals."""

from collections.abc import Sequence

from loopline.access.context import Context
from loopline.services.approvals.watching import watch
from loopline.services.audit import Diff, record_changes
from loopline.services.clock_following import follow
from loopline.services.pipelines.history import keep_history
from loopline.services.rollups import keep_rollups
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Move = tuple[Record | None, Record | None]
"""A record as it was and as it is: None before it was made, and once it is deleted."""


def conclude(
    ctx: Context, one: RecordTable, action: str, moves: Sequence[Move], diffs: Sequence[Diff]
) -> None:
    """Keep the history of written records, start and stop their clocks, renew roll-ups.

    ``diffs`` are what the trail says of each move. Approvals come last: they see the record as all
    else has left it, and what they set is a write of its own.
    """
    told = [
        (record, diff)
        for (old, new), diff in zip(moves, diffs, strict=True)
        if (record := new or old) is not None
    ]
    keep_history(ctx, one, action, moves)
    record_changes(ctx, action, told)
    follow(ctx, one.entity.id, moves, made=action == "create")
    keep_rollups(ctx, one.entity.id, moves)
    watch(ctx, one.entity.id, action, told)
