"""Care: who is written to today, on which occasion, and not too often.

Runs every hour, so that what falls into quiet hours goes out after them; a message has a key made
of plan, contact and occasion, and is sent once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from loopline.sdk import Context, Document, Record
from loopline_loyalty.found import some, text, whole
from loopline_loyalty.kinds import CARE_PLAN
from loopline_loyalty.questions import label
from loopline_loyalty.reaching import CONTACT, reachable
from loopline_loyalty.unsubscribe_page import PURPOSE

CARE: Final = "loyalty.care"
MESSAGE: Final = "care_message"
_LEAP: Final = (2, 29)
_MUTED_DAYS: Final = 3650
Body = Mapping[str, Any]


def care(ctx: Context, payload: Mapping[str, object]) -> None:
    """Write to everybody whose occasion is today, plan by plan."""
    moves = ctx.elevated("care")
    local = ctx.now.astimezone(ZoneInfo(ctx.site_zone))
    for plan in sorted(ctx.documents(CARE_PLAN), key=lambda one: float(one.body.get("pos") or 0)):
        if plan.body.get("active") is not False and not is_quiet(plan.body, local):
            for lot in some(_occasions(moves, plan, local.date())):
                _write(moves, plan, lot)


def is_quiet(plan: Body, local: datetime) -> bool:
    """Whether nothing of a plan is sent at a local time; quiet hours may go over midnight."""
    quiet = plan.get("quiet")
    if not quiet:
        return False
    now, start, end = local.strftime("%H:%M"), str(quiet["from"]), str(quiet["until"])
    return start <= now < end if start <= end else now >= start or now < end


def is_festival(dates: Sequence[str], today: date) -> bool:
    """Whether one of some days, with or without a year, is today."""
    return not {today.isoformat(), today.strftime("%m-%d")}.isdisjoint(dates)


def _occasions(ctx: Context, plan: Document, today: date) -> Iterator[tuple[int, str]]:
    """Yield contacts, each beside what makes the occasion another one next time."""
    body = plan.body
    if body.get("birthday"):
        yield from ((one, f"birthday-{today.year}") for one in _born_on(ctx, today))
    if is_festival(body.get("dates") or (), today):
        yield from ((one.id, today.isoformat()) for one in ctx.every(CONTACT))
    after = body.get("after")
    if after and ctx.has("entity", str(after["entity"])):
        yield from _after(ctx, after, today - timedelta(days=int(after["days"])))


def _born_on(ctx: Context, today: date) -> Iterator[int]:
    """Yield who was born on a day of the year; who was born on 29 February also on the 28th."""
    days = [(today.month, today.day)]
    tomorrow = today + timedelta(days=1)
    if (today.month, today.day) == (2, 28) and (tomorrow.month, tomorrow.day) != _LEAP:
        days.append(_LEAP)
    for month, day in days:
        born = f"month(birthday) == {month} && day(birthday) == {day}"
        yield from (one.id for one in ctx.every(CONTACT, born))


def _after(ctx: Context, after: Body, day: date) -> Iterator[tuple[int, str]]:
    """Yield the contacts of records whose day it was, else those of their customers."""
    entity, field, when = str(after["entity"]), str(after["field"]), str(after.get("when") or "")
    tomorrow = day + timedelta(days=1)
    # A range serves dates and moments alike; the day is the site's.
    ours = f'in_range({field}, "{day}", "{tomorrow}")' + (f" && ({when})" if when else "")
    records = list(ctx.every(entity, ours))
    of: dict[int, list[int]] = {}
    alone = [whole(one, "customer") for one in records if not whole(one, CONTACT)]
    for one in ctx.among(CONTACT, "customer", set(alone) - {0}):
        of.setdefault(whole(one, "customer"), []).append(one.id)
    for one in records:
        people = (
            [whole(one, CONTACT)] if whole(one, CONTACT) else of.get(whole(one, "customer"), [])
        )
        yield from ((contact, f"{entity}:{one.id}") for contact in people)


def _write(ctx: Context, plan: Document, lot: Sequence[tuple[int, str]]) -> None:
    """Write to those of some contacts who are in the segment, open to it and below the cap."""
    keys = {one: f"{plan.id}:{one[0]}:{one[1]}" for one in lot}
    known = {text(one, "key") for one in ctx.among(MESSAGE, "key", keys.values())}
    contacts = list(ctx.by_id(CONTACT, [number for number, _ in lot]).values())
    fits = ctx.matches(CONTACT, str(plan.body.get("segment") or ""), [c.values for c in contacts])
    wanted = [one for one, fit in zip(contacts, fits, strict=True) if fit]
    people = {one.id: one for one in reachable(ctx, wanted)}
    for occasion, key in keys.items():
        contact = people.get(occasion[0])
        if contact is not None and key not in known and _below_cap(ctx, plan.body, contact):
            known.add(key)
            _send(ctx, plan, contact, key)


def _below_cap(ctx: Context, plan: Body, contact: Record) -> bool:
    cap = plan.get("cap")
    if not cap:
        return True
    since = (ctx.now - timedelta(days=int(cap["days"]))).isoformat()
    sent = ctx.count(MESSAGE, f'contact == {contact.id} && at > "{since}"')
    return sent < int(cap["messages"])


def _send(ctx: Context, plan: Document, contact: Record, key: str) -> None:
    secret = ctx.portal.share(PURPOSE, CONTACT, contact.id, days=_MUTED_DAYS)
    said = {
        "name": text(contact, "name"),
        "site": ctx.portal.site,
        "unsubscribe": f"{ctx.portal.address}/unsubscribe/{secret}",
    }
    mail = plan.body["mail"]
    subject = label(mail["subject"]).to(ctx.language).format(**said)
    body = label(mail["text"]).to(ctx.language).format(**said)
    address = text(contact, "email")
    values = {
        "subject": subject,
        "plan": plan.id,
        "customer": contact.value("customer"),
        CONTACT: contact.id,
        "address": address,
        "at": ctx.now,
        "key": key,
    }
    ctx.create(MESSAGE, values)
    ctx.messages.mail(address, subject, body, key=f"care:{key}")
