"""Which of some records the actor may read: the scope as SQL, as lists apply it."""

from collections.abc import Collection
from typing import Final

from loopline.access.context import Context
from loopline.query.plans import visible_records

_CHUNK: Final = 500


def visible_ids(ctx: Context, entity: str, ids: Collection[int], action: str = "read") -> list[int]:
    """Answer those of the records, in the bin or not, on which the actor may do an action."""
    ordered, query = sorted(ids), visible_records(ctx, entity, action)
    if query is None:
        return ordered
    key = ctx.snapshot.table(entity).table.c.id
    found: list[int] = []
    for start in range(0, len(ordered), _CHUNK):
        some = query.where(key.in_(ordered[start : start + _CHUNK]))
        found += ctx.connection.execute(some).scalars()
    return found
