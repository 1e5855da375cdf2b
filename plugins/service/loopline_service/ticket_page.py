"""The page on which customers follow a ticket and answer. Internal notes never reach it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from loopline.sdk import Context, Page, PageRequest, Record, Redirect, Template
from loopline_service.answering import is_over, name_of, take_in
from loopline_service.conversation import ALL, PURPOSE, SHOWN, said
from loopline_service.found import TICKET, link, moment, text
from loopline_service.texts import texts

_PATH: Final = "/tickets/{secret}"
_LONGEST: Final = 5000
_STEPS: Final = ("received", "working", "solved", "closed")
_REACHED: Final = {"new": 0, "solved": 2, "closed": 3}


def pages() -> Iterable[Page]:
    """Yield the page of customers, what its form does, and the conversation for colleagues."""
    yield Page(path=_PATH, handler=show, permission="public")
    yield Page(path=_PATH, handler=answer, methods=("POST",), permission="public")
    yield Page(path="/service/tickets/{id}", handler=conversation, permission="ticket:read")


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the progress of a ticket to whoever holds its link. Raises NotFound."""
    return _shown(ctx, ctx.portal.opened(PURPOSE, request.path["secret"]))


def answer(ctx: Context, request: PageRequest) -> Template | Redirect:
    """Take in what the customer says: one that was solved is opened again, one that waited goes on.

    Where a further ticket is made of it, its page is shown. Raises NotFound for a link that opens
    nothing.
    """
    ticket = ctx.portal.opened(PURPOSE, request.path["secret"])
    body = request.form.get("text", "").strip()[:_LONGEST]
    if not body:
        return _shown(ctx, ticket, problem=texts("page.text_missing").to(ctx.language))
    noted = take_in(ctx, ticket, body, channel="portal")
    if noted.id != ticket.id:
        return Redirect(
            f"/tickets/{ctx.elevated('progress').portal.share(PURPOSE, TICKET, noted.id)}"
        )
    return Redirect(f"/tickets/{request.path['secret']}")


def conversation(ctx: Context, request: PageRequest) -> Template:
    """Show colleagues all that was said about a ticket, internal notes too. Raises NotFound."""
    number = request.path["id"]
    ticket = ctx.get(TICKET, int(number) if number.isdecimal() else 0)
    context = {**_told_of(ctx, ticket, ALL), "id": ticket.id}
    return Template("conversation.html", context, texts("page.conversation"))


def _shown(ctx: Context, ticket: Record, problem: str = "") -> Template:
    whole = ctx.elevated("progress of a ticket")
    status = text(ticket, "status")
    context = {
        **_told_of(whole, ticket, SHOWN),
        "due": _at(ctx, moment(ticket, "resolve_due")) if _runs(status) else "",
        "owner": whole.title("user", link(ticket, "owner")) if link(ticket, "owner") else "",
        "steps": _steps(ctx, status),
        "reopens": status in {"solved", "closed"},
        "over": is_over(whole, ticket),
        "problem": problem,
    }
    return Template("ticket.html", context, texts("page.title", code=text(ticket, "code")))


def _told_of(ctx: Context, ticket: Record, kinds: Sequence[str]) -> Mapping[str, object]:
    """Answer what is told of a ticket: how it stands, what was said, the description first."""
    status = text(ticket, "status")
    first = {
        "who": name_of(ctx, ticket) or ctx.portal.site,
        "at": _at(ctx, moment(ticket, "received_at")),
        "body": text(ticket, "description"),
        "internal": False,
    }
    found = [_message(ctx, one) for one in said(ctx, ticket.id, kinds)]
    return {
        "code": text(ticket, "code"),
        "subject": text(ticket, "subject"),
        "status": texts(f"status.{status}").to(ctx.language),
        "status_code": status,
        "tone": {"solved": "ok", "closed": "", "waiting_customer": "warn"}.get(status, "accent"),
        "received": first["at"],
        "messages": [*([first] if first["body"] else []), *found],
    }


def _runs(status: str) -> bool:
    return status in {"new", "open", "reopened"}


def _steps(ctx: Context, status: str) -> list[Mapping[str, object]]:
    reached = _REACHED.get(status, 1)
    return [
        {
            "label": texts(f"step.{name}").to(ctx.language),
            "state": "done" if place < reached else "now" if place == reached else "",
        }
        for place, name in enumerate(_STEPS)
    ]


def _message(ctx: Context, one: Record) -> Mapping[str, object]:
    author = link(one, "author")
    who = text(one, "from_name") or (ctx.title("user", author) if author else ctx.portal.site)
    return {
        "who": who,
        "at": _at(ctx, moment(one, "at")),
        "body": text(one, "body"),
        "internal": one.value("kind") == "internal",
    }


def _at(ctx: Context, at: datetime | None) -> str:
    return f"{at.astimezone(ZoneInfo(ctx.site_zone)):%Y-%m-%d %H:%M}" if at else ""
