"""Mails that go on with a ticket: found by their thread or by the number in their subject.

Whoever asked is taken at their word; what anybody else writes is kept for colleagues alone, since
an address is easily forged and a mail easily forwarded.
"""

import re
from collections.abc import Iterator
from typing import Final

from loopline.sdk import Context, MailArrived, Record, Taken, quoted
from loopline_service.answering import take_in
from loopline_service.conversation import addresses_of, say, tell_owner
from loopline_service.found import TICKET, known
from loopline_service.quoting import without_quote
from loopline_service.texts import texts

_KEY: Final = re.compile(r"ticket:(\d{1,18}):")
"""How the keys of the mails about a ticket begin."""
_NUMBER: Final = re.compile(r"\[([^\[\]\s]{1,40})\]")
"""Where subjects name a ticket: its number in brackets, as our mails write it."""


def take(ctx: Context, event: MailArrived) -> Iterator[Taken]:
    """Yield the ticket that a mail goes on with, having noted what it says."""
    whole = ctx.elevated("mail that came in")
    ticket = _ticket(whole, event)
    if ticket is None:
        return
    body = without_quote(event.text)
    if event.attachments:
        body += "\n\n" + texts("mail.files", count=event.attachments).to(ctx.language)
    if event.address.lower() in addresses_of(whole, ticket):
        ticket = take_in(whole, ticket, body, channel="email")
    else:
        _keep_apart(whole, ticket, event.address, body)
    yield Taken(TICKET, ticket.id)


def _ticket(ctx: Context, event: MailArrived) -> Record | None:
    """Answer the ticket of a mail: that of its thread, else that which its subject names."""
    keys = map(_KEY.match, event.answers)
    numbers = [int(found[1]) for found in keys if found]
    numbers += [number for entity, number in event.about if entity == TICKET]
    for number in numbers:
        ticket = known(ctx, TICKET, number)
        if ticket is not None:
            return ticket
    for code in _NUMBER.findall(event.subject)[:3]:
        for one in ctx.find(TICKET, f"code == {quoted(code)}", limit=1):
            return one
    return None


def _keep_apart(ctx: Context, ticket: Record, address: str, body: str) -> None:
    """Note what somebody else wrote where colleagues alone read it, with a warning."""
    made = say(ctx, ticket.id, "internal", f"{_warning(ctx, address)}\n\n{body}", who=address)
    tell_owner(ctx, ticket, "stranger.told", f"message:{made.id}", who=address)


def _warning(ctx: Context, address: str) -> str:
    return texts("stranger.note", who=address).to(ctx.language)
