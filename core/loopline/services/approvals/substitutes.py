"""Substitutes: who may act on whose seat today, because somebody is away."""

from typing import Final

from loopline.access.context import Context
from loopline.store.absences import absent_for, substitutes_of

_FARTHEST: Final = 5
"""Substitutes of substitutes that are followed; a circle ends there."""


def stands_in_for(ctx: Context, user: int) -> frozenset[int]:
    """Answer whose seats a user may decide on today, besides their own."""
    known = {user}
    waiting = known
    for _ in range(_FARTHEST):
        pairs = absent_for(ctx.connection, ctx.snapshot, waiting, ctx.now, ctx.site_zone)
        waiting = {absent for absent, _ in pairs} - known
        if not waiting:
            break
        known = known | waiting
    return frozenset(known - {user})


def substitutes_today(ctx: Context, user: int) -> frozenset[int]:
    """Answer who may decide today on the seats of a user, besides themselves."""
    known = {user}
    waiting = known
    for _ in range(_FARTHEST):
        pairs = substitutes_of(ctx.connection, ctx.snapshot, waiting, ctx.now, ctx.site_zone)
        waiting = {substitute for _, substitute in pairs} - known
        if not waiting:
            break
        known = known | waiting
    return frozenset(known - {user})
