"""Who is told that records are theirs now, noticed where every write is put on the trail."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.services.notifications import notify
from loopline.store.rows import Record

_OWNER: Final = "owner"
_ACTIONS: Final = frozenset({"create", "update"})
_QUIET_DOORS: Final = frozenset({"import", "seed", "cli"})
"""What comes in by files is nobody's news."""
_MOST_SINGLY: Final = 5


def tell_assigned(
    ctx: Context, action: str, changes: Sequence[tuple[Record, Mapping[str, Sequence[object]]]]
) -> None:
    """Tell people of records that became theirs by somebody else; of many at once in one line."""
    if action not in _ACTIONS or ctx.via in _QUIET_DOORS:
        return
    given: dict[int, list[Record]] = defaultdict(list)
    for record, diff in changes:
        owner = diff[_OWNER][1] if _OWNER in diff else None
        if isinstance(owner, int) and owner != ctx.actor.id:
            given[owner].append(record)
    for owner, records in given.items():
        if not ctx.snapshot.catalog.entity(records[0].entity).traits.owned:
            return
        if len(records) <= _MOST_SINGLY:
            for record in records:
                notify(ctx, [owner], "notify.assigned", {}, record)
            continue
        first = records[0]
        event = f"assigned:{first.entity}:{first.id}:{first.version}:{len(records)}"
        params = {"count": len(records)}
        notify(ctx, [owner], "notify.assigned_many", params, first.entity, event=event)
