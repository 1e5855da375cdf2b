"""The desk of whoever works on tickets: what is theirs, what waits for somebody, what is urgent."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from loopline.sdk import Context, Page, PageRequest, Record, Template
from loopline_service.found import ENDED, OPEN, TICKET, WAITING, link, moment, text
from loopline_service.people import Roster
from loopline_service.texts import texts

_PATH: Final = "/service/desk"
_SHOWN: Final = 8
_LOOKED_AT: Final = 200
"""Tickets of one list that are looked at; whoever has more is told of so many and more."""
_MINE: Final = f"owner == me && {OPEN}"
_NOBODYS: Final = f"is_blank(owner) && {OPEN}"
_SOON: Final = (
    '!(status in ["solved", "closed", "waiting_customer", "waiting_third"]) && '
    "(warn_at <= now() || resolve_due <= now() || "
    "(is_blank(first_responded_at) && first_response_due <= now()))"
)
_WAITS: Final = 'owner == me && status == "waiting_customer"'
_TONES: Final = {"urgent": "danger", "high": "warn"}
Row = Mapping[str, object]


def pages() -> Iterable[Page]:
    """Yield the page."""
    yield Page(
        path=_PATH,
        handler=show,
        permission=f"{TICKET}:read",
        menu=texts("desk.title"),
        icon="i-wrench",
    )


def show(ctx: Context, request: PageRequest) -> Template:
    """Show the desk of whoever asks."""
    mine = [one for one in _found(ctx, _MINE) if text(one, "status") not in WAITING]
    able, free = _free(ctx)
    parts = [
        _part(ctx, "mine", mine, "ticket_mine"),
        _part(ctx, "free" if able else "nobodys", free, "ticket_unassigned", takes=True),
        _part(ctx, "soon", _found(ctx, _SOON), "ticket_breaching"),
        _part(ctx, "waits", _found(ctx, _WAITS), "ticket_waiting"),
    ]
    return Template("desk.html", {"parts": parts}, texts("desk.title"))


def _found(ctx: Context, which: str) -> list[Record]:
    """Answer open tickets by when something is due next, those without promise last."""
    found = ctx.find(TICKET, which, sort=("resolve_due", "id"), limit=_LOOKED_AT)
    return sorted(found, key=lambda one: (_next(one) is None, _next(one) or ctx.now, one.id))


def _free(ctx: Context) -> tuple[bool, list[Record]]:
    """Answer whether the person has skills, and what nobody owns and they know about.

    Whoever has no skill noted is shown all of it.
    """
    roster, who = Roster(ctx), ctx.actor.id or 0
    found = _found(ctx, _NOBODYS)
    if not roster.has_skill(who):
        return False, found
    return True, [one for one in found if roster.knows(who, one.values)]


def _part(
    ctx: Context, name: str, found: Sequence[Record], view: str, *, takes: bool = False
) -> Mapping[str, object]:
    late = sum(1 for one in found if _tone(ctx, one) == "danger")
    return {
        "name": name,
        "title": texts(f"desk.{name}").to(ctx.language),
        "none": texts(f"desk.{name}.none").to(ctx.language),
        "count": f"{len(found)}+" if len(found) >= _LOOKED_AT else str(len(found)),
        "late": texts("desk.late", count=late).to(ctx.language) if late else "",
        "href": f"/records/{TICKET}?view={view}",
        "rows": _rows(ctx, found[:_SHOWN], takes=takes),
        "rest": max(0, len(found) - _SHOWN),
    }


def _rows(ctx: Context, found: Sequence[Record], *, takes: bool) -> list[Row]:
    """Answer the tickets as they stand in a list; customers and owners called by their titles."""
    customers = ctx.by_id("customer", {link(one, "customer") for one in found} - {0})
    named = {number: text(one, "name") for number, one in customers.items()}
    may_take = takes and any(ctx.may("take", one) for one in found[:1])
    return [
        {
            "href": f"/records/{TICKET}/{one.id}",
            "title": text(one, "subject"),
            "code": text(one, "code"),
            "who": named.get(link(one, "customer")) or text(one, "requester_name"),
            "priority": _option(ctx, "priority", one),
            "tone": _TONES.get(text(one, "priority"), ""),
            "status": _option(ctx, "status", one),
            "due": _due(ctx, one),
            "due_tone": _tone(ctx, one),
            "answer": _answers(one),
            "take": f"/records/{TICKET}/{one.id}/actions/take" if may_take else "",
        }
        for one in found
    ]


def _option(ctx: Context, field: str, ticket: Record) -> str:
    """Answer what the release calls the option that a ticket has."""
    options = ctx.document("entity", TICKET).body["fields"][field].get("options", {})
    label = options.get(text(ticket, field), {}).get("label", "")
    found = label.get(ctx.language, "") if isinstance(label, Mapping) else label
    return str(found or text(ticket, field))


def _answers(ticket: Record) -> bool:
    """Whether the first response is what is due next."""
    pending = moment(ticket, "first_responded_at") is None
    return pending and moment(ticket, "first_response_due") is not None


def _next(ticket: Record) -> datetime | None:
    """Answer when something is due next, None where nothing is promised or time stands still."""
    if text(ticket, "status") in WAITING | ENDED:
        return None
    return moment(ticket, "first_response_due" if _answers(ticket) else "resolve_due")


def _due(ctx: Context, ticket: Record) -> str:
    due = _next(ticket)
    if due is None:
        return ""
    local, today = (
        due.astimezone(ZoneInfo(ctx.site_zone)),
        ctx.now.astimezone(ZoneInfo(ctx.site_zone)),
    )
    return f"{local:%H:%M}" if local.date() == today.date() else f"{local:%m-%d %H:%M}"


def _tone(ctx: Context, ticket: Record) -> str:
    due, warned = _next(ticket), moment(ticket, "warn_at")
    if due is None:
        return ""
    if due <= ctx.now:
        return "danger"
    return "warn" if warned is not None and warned <= ctx.now else ""
