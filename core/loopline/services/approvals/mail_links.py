"""One-time links in mails: for one seat and one person, shown at will, used once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.access.secrets import digest, new_secret
from loopline.errors import Conflict, NotFound
from loopline.store.approvals import Link, Request, Seat

LASTS: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to."""

    link: Link
    seat: Seat
    request: Request


def make_link(ctx: Context, seat: int, user: int) -> str:
    """Make a link for a seat and a person; answer its secret, never to be seen again."""
    secret = new_secret()
    store.add_link(
        ctx.connection, hash=digest(secret), seat=seat, user_id=user, expires_at=ctx.now + LASTS
    )
    return secret


def find_link(ctx: Context, secret: str) -> Linked:
    """Answer what a link leads to; nothing changes. Raises NotFound, Conflict for a spent one."""
    found = store.link_by_hash(ctx.connection, digest(secret))
    seat = store.seat_by_id(ctx.connection, found.seat) if found else None
    request = store.request_by_id(ctx.connection, seat.approval) if seat else None
    if found is None or seat is None or request is None:
        raise NotFound(code="approval.link_unknown")
    if found.used_at is not None:
        raise Conflict(code="approval.link_used")
    if found.expires_at <= ctx.now:
        raise Conflict(code="approval.link_expired")
    return Linked(found, seat, request)


def use_link(ctx: Context, secret: str) -> Linked:
    """Spend a link and answer what it leads to, once whoever comes at the same time.

    Raises as :func:`find_link` does.
    """
    linked = find_link(ctx, secret)
    if not store.spend_link(ctx.connection, linked.link.hash, ctx.now):
        raise Conflict(code="approval.link_used")
    return linked
