"""What is said about a ticket: inbound, public, internal; and the mails that carry it.

Messages are written here alone, so that each stands as it was said.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from loopline.sdk import Context, Record, RecordsChanging, Refuse
from loopline_service.found import CAUSE, HISTORIC, TICKET, known, link, text
from loopline_service.texts import texts

MESSAGE: Final = "message"
PURPOSE: Final = "ticket"
"""What links to the progress of a ticket are for."""
SHOWN: Final = ("inbound", "public")
"""The kinds of messages that customers see."""
ALL: Final = (*SHOWN, "internal")
_EXCERPT: Final = 80


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Refuse]:
    """Yield the refusal of messages that anybody writes past the actions of tickets.

    They go to the bin with their ticket, and come back with it.
    """
    if event.entity != MESSAGE or event.cause.get(CAUSE) or event.via in HISTORIC:
        return
    whole, apart = ctx.elevated("conversation"), event.action in {"delete", "restore"}
    for change in event.changes:
        there = known(whole, TICKET, link(change.new, "ticket") or link(change.old, "ticket"))
        if not apart or (event.action == "delete" and there is not None):
            yield Refuse(change, texts("message.fixed"))


def say(
    ctx: Context,
    ticket: int,
    kind: str,
    body: str,
    *,
    who: str = "",
    files: Sequence[int] = (),
) -> Record:
    """Write what is said: by whoever acts, or by ``who`` where that is no user."""
    values = {
        "ticket": ticket,
        "at": ctx.now,
        "kind": kind,
        "author": ctx.actor.id,
        "from_name": who or None,
        "name": " ".join(body.split())[:_EXCERPT],
        "body": body,
        "files": list(files) or None,
    }
    return ctx.elevated("conversation").because(**{CAUSE: kind}).create(MESSAGE, values)


def said(ctx: Context, ticket: int, kinds: Sequence[str]) -> list[Record]:
    """Answer the messages of some kinds about a ticket, the oldest first, whoever asks."""
    found = ctx.elevated("conversation").every(MESSAGE, f"ticket == {ticket}")
    return [one for one in found if one.value("kind") in kinds]


def share(ctx: Context, ticket: Record) -> str:
    """Make a link to the progress of a ticket."""
    return f"{ctx.portal.address}/tickets/{ctx.portal.share(PURPOSE, TICKET, ticket.id)}"


def addresses_of(ctx: Context, ticket: Record) -> set[str]:
    """Answer the addresses of whoever asked, in small letters: what they gave, the contact's."""
    contact = known(ctx.elevated("address"), "contact", link(ticket, "contact"))
    found = {text(ticket, "requester_email"), text(contact, "email") if contact else ""}
    return {one.lower() for one in found if one}


def address_of(ctx: Context, ticket: Record) -> str:
    """Answer where whoever asked gets mail: what they gave, else the contact's; blank if none."""
    given = text(ticket, "requester_email")
    contact = known(ctx.elevated("address"), "contact", link(ticket, "contact"))
    return given or (text(contact, "email") if contact else "")


def mail(ctx: Context, ticket: Record, key: str, event: str, **params: str) -> str:
    """Mail a text about a ticket to whoever asked; answer the address, if any.

    It says where to go on: on the page of the ticket, or by an answer where the site reads mails.
    """
    to = address_of(ctx, ticket)
    if to:
        told = {
            "site": ctx.portal.site,
            "subject": text(ticket, "subject"),
            "code": text(ticket, "code"),
            "further": _further(ctx, ticket),
            **params,
        }
        subject = texts(f"mail.{key}.subject", **told).to(ctx.language)
        body = texts(f"mail.{key}.text", **told).to(ctx.language)
        if ctx.messages.reads_mail:
            body = f"{texts('mail.above').to(ctx.language)}\n\n{body}"
        ctx.messages.mail(to, subject, body, key=f"ticket:{ticket.id}:{event}")
    return to


def _further(ctx: Context, ticket: Record) -> str:
    """Answer how to go on: a site that does not know its own address can send no link."""
    answers = ctx.messages.reads_mail
    if not ctx.portal.address:
        return texts("mail.answer").to(ctx.language) if answers else ""
    link = share(ctx.elevated("mail"), ticket)
    return texts("mail.page_or_answer" if answers else "mail.page", link=link).to(ctx.language)


def tell_owner(ctx: Context, ticket: Record, key: str, event: str, **params: str) -> None:
    """Tell the owner of a ticket what happened to it, once an event."""
    owner = link(ticket, "owner")
    if owner:
        about = texts(key, title=text(ticket, "subject"), **params)
        ctx.messages.notify([owner], about, ticket, event=f"ticket:{ticket.id}:{event}")
