"""That a site keeps an administrator, whichever way one is taken from it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from loopline.access.accounts import lock_administrators, standing
from loopline.access.context import Context
from loopline.errors import Conflict
from loopline.store.rows import Record

USER: Final = "user"
_SAME: Final = (None, None)


def keep_an_administrator(ctx: Context, changed: Collection[int]) -> None:
    """Raise Conflict where some of these users were administrators and no administrator is left.

    Writers who take away different ones at once wait for each other here.
    """
    known = lock_administrators(ctx.connection)
    if known.isdisjoint(changed):
        return
    if not standing(ctx.connection, ctx.snapshot.table(USER), known):
        raise Conflict(code="account.last_administrator")


def refuse_without_administrators(
    ctx: Context, action: str, changes: Sequence[tuple[Record, Mapping[str, tuple[object, object]]]]
) -> None:
    """Raise Conflict where users who were deleted or made inactive leave no administrator."""
    gone = {
        record.id
        for record, diff in changes
        if action == "delete" or diff.get("active", _SAME)[1] is False
    }
    if gone:
        keep_an_administrator(ctx, gone)
