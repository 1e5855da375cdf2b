"""What customers say later, on their page or by mail: the ticket goes on, or a new one does."""

from typing import Final

from loopline.sdk import Context, Record
from loopline_service.actions import open_again
from loopline_service.conversation import say, tell_owner
from loopline_service.deadlines import calendar_of, end_of
from loopline_service.found import TICKET, link, moment, plain, text
from loopline_service.promises import policy_of
from loopline_service.rules import sla_policies
from loopline_service.texts import texts

_CARRIED: Final = (
    "subject",
    "customer",
    "contact",
    "product",
    "order",
    "requester_name",
    "requester_email",
    "requester_phone",
    "kind",
    "category",
    "severity",
)
"""What a ticket that follows another takes over from it."""


def take_in(ctx: Context, ticket: Record, body: str, *, channel: str) -> Record:
    """Note what whoever asked says, and let the ticket go on; answer the ticket it is noted in.

    A solved one is opened again; a closed one too, until the policy says that it is over: then
    a ticket that follows it is made.
    """
    whole = ctx.elevated("answer of the customer")
    who = name_of(whole, ticket)
    if is_over(whole, ticket):
        return _follow_up(whole, ticket, body, channel)
    made = say(whole, ticket.id, "inbound", body, who=who)
    ticket = open_again(whole, ticket)
    if text(ticket, "status") == "waiting_customer":
        ticket = whole.update(TICKET, ticket.id, {"status": "open"})
    tell_owner(whole, ticket, "inbound.told", f"message:{made.id}", who=who)
    return ticket


def is_over(ctx: Context, ticket: Record) -> bool:
    """Whether a ticket was closed for so long that its policy opens it no more."""
    policy = policy_of(ctx, sla_policies(ctx), ticket.values)
    solved = moment(ticket, "solved_at")
    if text(ticket, "status") != "closed" or policy is None or policy.reopen is None or not solved:
        return False
    return end_of(calendar_of(ctx, policy.calendar), solved, policy.reopen) < ctx.now


def name_of(ctx: Context, ticket: Record) -> str:
    """Answer what whoever asked is called, blank if that is unknown."""
    contact = link(ticket, "contact")
    named = ctx.title("contact", contact) if contact else ""
    return text(ticket, "requester_name") or named


def _follow_up(ctx: Context, before: Record, body: str, channel: str) -> Record:
    """Make the ticket that follows one that is over; rules say anew what it is and whose."""
    carried = {name: before.values.get(name) for name in _CARRIED}
    said = {"channel": channel, "description": body, "follows": before.id}
    made = ctx.create(TICKET, {**plain(carried), **said})
    why = texts("follow_up.note", code=text(made, "code")).to(ctx.language)
    say(ctx, before.id, "internal", why)
    tell_owner(ctx, made, "follow_up.told", "follow_up", code=text(before, "code"))
    return made
