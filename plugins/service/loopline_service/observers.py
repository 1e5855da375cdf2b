"""What follows when tickets and orders were written: mails to whoever asked, visits planned."""

from datetime import timedelta
from typing import Final

from loopline.sdk import Change, Context, Record, RecordsChanged, quoted
from loopline_service import satisfaction_page, visits
from loopline_service.conversation import mail
from loopline_service.found import HISTORIC, TICKET, known, text

_WRITTEN: Final = frozenset({"portal", "email"})
"""The channels by which a ticket comes in writing, so that its receipt is worth a mail."""
_MOST: Final = 5
"""Tickets of one address within an hour that are acknowledged: two programs that answer each other
without saying what they are would never end."""
_STATUS: Final = "status"


def follow(ctx: Context, event: RecordsChanged) -> None:
    """Do what follows each change; being told twice changes nothing."""
    if event.entity not in visits.SOURCES or event.action not in {"create", "update"}:
        return
    if event.via in HISTORIC:
        return
    whole = ctx.elevated("what follows")
    for change in event.changes:
        record = known(whole, event.entity, change.id or 0)
        if record is not None:
            if event.entity == TICKET:
                _tell(whole, event.action, change, record)
            if _STATUS in change.fields and change.new.get(_STATUS) == text(record, _STATUS):
                visits.plan(whole, record)


def _tell(ctx: Context, action: str, change: Change, ticket: Record) -> None:
    written = action == "create" and text(ticket, "channel") in _WRITTEN
    if written and not _is_flood(ctx, ticket):
        mail(ctx, ticket, "received", "received")
    if change.new.get(_STATUS) == "closed" == text(ticket, _STATUS):
        satisfaction_page.ask(ctx, ticket)


def _is_flood(ctx: Context, ticket: Record) -> bool:
    """Whether an address has had so many tickets within the hour that a program sends them."""
    address, since = text(ticket, "requester_email"), ctx.now - timedelta(hours=1)
    if not address:
        return False
    earlier = f'id < {ticket.id} && created_at > "{since.isoformat()}"'
    same = f"requester_email == {quoted(address)} && {earlier}"
    return ctx.count(TICKET, same) >= _MOST
