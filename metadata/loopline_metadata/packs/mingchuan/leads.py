"""Leads: they come in by channel and season, are handed out, followed up, and end somehow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Acted, Changed, Made, Named
from loopline_metadata.packs.mingchuan.words import FIRST_CALLS, LEAD_NOTES
from loopline_metadata.packs.mingchuan.working import Course, day
from loopline_metadata.packs.mingchuan.world import customer, head, user

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.equipment.deals import Deal
    from loopline_metadata.packs.equipment.prospects import Prospect
    from loopline_metadata.packs.mingchuan.world import Row, World

_LATER: Final = (
    "status",
    "invalid_reason",
    "next_follow_up",
    "last_follow_up",
    "converted_to",
    "owner",
    "owned_since",
    "protected_until",
    "created_at",
)
"""What a lead does not have yet when it comes in."""
_NOTED: Final = 0.3
"""How many first talks are written down as an activity."""


def is_converted(deal: Deal, fresh: datetime) -> bool:
    """Whether a deal that began as a lead was made by the conversion itself."""
    return deal.created_at >= fresh


def leads(world: World) -> Iterator[Step]:
    """Yield what happened to the leads."""
    random = world.random("leads")
    for one in world.prospects:
        row = world.lead_rows[one.key]
        values = {name: value for name, value in row.items() if name not in _LATER}
        fresh = one.created_at >= world.context.fresh
        if one.seller is not None and not fresh:
            values |= {"owner": user(one.seller), "status": "assigned"}
        yield Made(at=one.created_at, name=one.key, entity="lead", values=values)
        course = Course(random, one.created_at, world.end)
        if one.seller is not None:
            if fresh:
                yield from _assigned(random, course, one)
            yield from _worked(random, course, one, row, world.context.fresh)


def _assigned(random: Random, course: Course, one: Prospect) -> Iterator[Step]:
    moment = course.after(random.choice((0.0, 0.0, 0.1, 0.3, 0.8)))
    if moment is None or one.seller is None:
        return
    values = {"owner": user(one.seller), "status": "assigned"}
    by = head(one.city.department).email
    yield Changed(at=moment, name=one.key, values=values, by=by)


def _worked(
    random: Random, course: Course, one: Prospect, row: Row, fresh: datetime
) -> Iterator[Step]:
    if one.deal is not None:
        yield from _converted(course, one, one.deal, fresh)
        return
    if one.touched_at is None:
        return
    yield from _contacted(random, course, one, row)
    if one.status == "qualified":
        yield from _ended(course, one, random.uniform(1, 8), {"status": "qualified"})
    elif one.status == "invalid":
        values = {"status": "invalid", "invalid_reason": one.invalid_reason}
        yield from _ended(course, one, random.uniform(1, 15), values)
    elif row.get("owner") is None:
        yield from _ended(course, one, random.uniform(25, 40), {"owner": None})


def _contacted(random: Random, course: Course, one: Prospect, row: Row) -> Iterator[Step]:
    moment = course.by(one.touched_at or course.now)
    if moment is None or one.seller is None:
        return
    values: Row = {"status": "contacted", "last_follow_up": moment}
    if one.status in {"contacted", "qualified"}:
        # Protected into the days to come: pools take some every night, not all in the first.
        for name in ("next_follow_up", "protected_until"):
            values[name] = row.get(name)
    yield Changed(at=moment, name=one.key, values=values, by=one.seller.email)
    if random.random() < _NOTED:
        yield Made(
            at=moment,
            name=f"call:{one.key}",
            entity="activity",
            values={
                "name": random.choice(FIRST_CALLS).format(name=one.name),
                "kind": random.choice(("call", "call", "chat", "mail")),
                "state": "done",
                "about": Named(one.key),
                "at": moment,
                "duration": random.choice((5, 8, 12, 15, 20)),
                "outcome": random.choice(LEAD_NOTES),
                "owner": user(one.seller),
            },
            by=one.seller.email,
        )


def _ended(
    course: Course, one: Prospect, days: float, values: Mapping[str, object]
) -> Iterator[Step]:
    moment = course.after(days)
    if moment is not None and one.seller is not None:
        yield Changed(at=moment, name=one.key, values=values, by=one.seller.email)


def _converted(course: Course, one: Prospect, deal: Deal, fresh: datetime) -> Iterator[Step]:
    """Yield the talk and the conversion; the deal goes on from there."""
    if one.seller is None:
        return
    half = (deal.created_at - one.created_at) / 2
    moment = course.by(one.created_at + half)
    if moment is not None:
        values = {"status": "contacted", "last_follow_up": moment}
        yield Changed(at=moment, name=one.key, values=values, by=one.seller.email)
    moment = course.by(deal.created_at - timedelta(minutes=30))
    if moment is None:
        return
    if not is_converted(deal, fresh):
        values = {"status": "converted", "converted_to": customer(deal.company)}
        yield Changed(at=moment, name=one.key, values=values, by=one.seller.email)
        return
    told = {
        "name": deal.name,
        "amount": f"{deal.amount:f}",
        "expected_close": day(deal.expected),
    }
    yield Acted(
        at=moment,
        name=one.key,
        action="convert",
        by=one.seller.email,
        settings={"targets": {"opportunity": told}},
        made={"opportunity": deal.key},
    )
