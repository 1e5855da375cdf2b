"""The boxes beside a ticket: what was said, what is promised and how the time was counted."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final, Literal

from loopline.sdk import Context, Label, Panel, Record, Showing, WorkingCalendar
from loopline_service.conversation import ALL, said
from loopline_service.deadlines import calendar_of
from loopline_service.found import ENDED, TICKET, moment, text
from loopline_service.promises import policy_of
from loopline_service.rules import sla_policies
from loopline_service.texts import texts

Line = tuple[str, str]
_MOST: Final = 10
"""Days told one by one; of longer ways the last ones are."""


def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the boxes of a ticket: what was said last, and what is promised, if anything is."""
    if event.entity != TICKET:
        return ()
    ticket = ctx.elevated("promise").get(TICKET, event.id)
    due = moment(ticket, "resolve_due")
    found = [_talk(ctx, event.id)]
    if due is not None:
        lines = tuple(_lines(ctx, ticket, due))
        found.append(Panel(title=texts("panel.title"), lines=lines, tone=_tone(ctx, ticket, due)))
    return found


def _talk(ctx: Context, ticket: int) -> Panel:
    """Answer the box that leads to all that was said, with the last of it."""
    last = said(ctx, ticket, ALL)[-1:]
    kinds = ((texts(f"message.{text(one, 'kind')}"), one) for one in last)
    lines = tuple((kind.to(ctx.language), text(one, "name")) for kind, one in kinds)
    return Panel(title=texts("page.conversation"), lines=lines, href=f"/service/tickets/{ticket}")


def _lines(ctx: Context, ticket: Record, due: datetime) -> Iterator[Line]:
    policy = policy_of(ctx, sla_policies(ctx), ticket.values)
    calendar = calendar_of(ctx, policy.calendar if policy else "")
    begins = moment(ticket, "counted_from") or due
    yield texts("panel.policy").to(ctx.language), text(ticket, "policy")
    yield texts("panel.from").to(ctx.language), f"{calendar.local(begins):%Y-%m-%d %H:%M}"
    yield from _days(ctx, calendar, begins, due)
    paused = ticket.value("paused")
    if isinstance(paused, int) and paused:
        yield texts("panel.paused").to(ctx.language), _length(ctx, timedelta(seconds=paused))
    if moment(ticket, "waiting_since") is not None:
        stands = texts(f"panel.{text(ticket, 'status')}")
        yield texts("panel.stands").to(ctx.language), stands.to(ctx.language)
    yield texts("panel.due").to(ctx.language), f"{calendar.local(due):%Y-%m-%d %H:%M}"


def _days(
    ctx: Context, calendar: WorkingCalendar, begins: datetime, due: datetime
) -> Iterator[Line]:
    """Yield each day on the way with the hours that counted, or why it is not worked."""
    first, last = calendar.local(begins).date(), calendar.local(due).date()
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    for day in days[-_MOST:]:
        spans = [(max(opens, begins), min(closes, due)) for opens, closes in calendar.spans(day)]
        parts = [one for one in spans if one[0] < one[1]]
        found = calendar.day(day)
        if parts:
            hours = Label.join(
                texts("panel.span", opens=calendar.local(opens), closes=calendar.local(closes))
                for opens, closes in parts
            )
            if found.reason:
                hours = texts("panel.hours", hours=hours, why=found.reason)
            yield _day(ctx, day), hours.to(ctx.language)
        elif not spans:
            reason = found.reason or texts("panel.rest")
            yield _day(ctx, day), reason.to(ctx.language)


def _day(ctx: Context, day: date) -> str:
    names = texts("panel.weekdays").to(ctx.language).split()
    return f"{names[day.weekday()]} {day:%m-%d}"


def _length(ctx: Context, span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    length = texts("panel.length", hours=minutes // 60, minutes=minutes % 60)
    return length.to(ctx.language)


def _tone(ctx: Context, ticket: Record, due: datetime) -> Literal["", "warn", "danger"]:
    if text(ticket, "status") in ENDED or moment(ticket, "waiting_since") is not None:
        return ""
    warned = moment(ticket, "warn_at")
    if due <= ctx.now:
        return "danger"
    return "warn" if warned is not None and warned <= ctx.now else ""
