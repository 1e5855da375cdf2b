"""Service: tickets answered in time or late, solved, rated; visits, and what comes of them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.equipment.season import moments
from loopline_metadata.packs.equipment.stream import many
from loopline_metadata.packs.mingchuan import visits
from loopline_metadata.packs.mingchuan.words import (
    CATEGORIES,
    CAUSES,
    REPLIES,
    SAID_AFTER,
    SOLUTIONS,
    SUBJECTS,
)
from loopline_metadata.packs.mingchuan.working import Course, office
from loopline_metadata.packs.mingchuan.world import by, contact, customer, product, staff, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.equipment.catalogue import Product
    from loopline_metadata.packs.equipment.customers import Company
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

TICKETS: Final = 150
_KINDS: Final = {"fault": 46, "question": 24, "request": 17, "complaint": 13}
_CHANNELS: Final = {"phone": 44, "wechat": 26, "portal": 16, "email": 10, "on_site": 4}
_PRIORITIES: Final = {"normal": 60, "high": 24, "urgent": 8, "low": 8}
_PROMISED: Final = {
    "urgent": (0.8, 0.25),
    "high": (1.6, 1.2),
    "normal": (3.2, 2.2),
    "low": (6.0, 3.6),
}
"""By priority: hours in which they are answered, and days in which they are solved, as a rule."""
_LATE: Final = 0.13
"""How many are late with either."""
_LATELY: Final = (5, 4, 3, 3, 2, 2, 1, 1, 0, 0)
"""How many days ago further tickets came in: agents have something to do."""
_RATED: Final = 0.62
_STARS: Final = {5: 52, 4: 29, 3: 11, 2: 5, 1: 3}


def tickets(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield what happened in the service."""
    yield from _set_up(world)
    random = world.random("tickets")
    lately = [world.end - timedelta(days=ago, hours=8) for ago in _LATELY]
    came = moments(random, world.end, many(world.context, TICKETS)) + lately
    for number, moment in enumerate(came, start=1):
        received = office(random, moment)
        if received < world.end:
            yield from _ticket(random, world, sales, f"ticket:{number}", received)
    yield from visits.after_delivery(world, sales)


def _set_up(world: World) -> Iterator[Step]:
    """Yield the categories of tickets and who knows which, from the first day."""
    start = world.customers[0].created_at
    agents = staff("MC-V")
    for number, (code, name) in enumerate(CATEGORIES):
        values = {"code": code, "name": name}
        yield Made(at=start, name=f"category:{code}", entity="ticket_category", values=values)
        for agent, level in ((agents[number % len(agents)], "first_line"), (agents[0], "expert")):
            skill = {"user": user(agent), "category": Named(f"category:{code}"), "level": level}
            yield Made(at=start, name=f"skill:{code}:{level}", entity="skill", values=skill)


def _ticket(
    random: Random, world: World, sales: tuple[Sale, ...], name: str, received: datetime
) -> Iterator[Step]:
    kind = random.choices(list(_KINDS), list(_KINDS.values()))[0]
    sold = [one for one in sales if "accepted" in one.at and one.at["accepted"] < received]
    sale = random.choice(sold) if sold and kind != "question" and random.random() < 0.7 else None
    buyer = sale.company if sale else random.choice(_there(world, received))
    person = random.choice(world.contacts[buyer])
    code, subject = random.choice(SUBJECTS[kind])
    made = sale.deal.product if sale else random.choice(_fitting(buyer))
    values: Row = {
        "subject": subject.format(family=made.family),
        "customer": customer(buyer),
        "contact": contact(person),
        "product": product(made.code),
        "channel": random.choices(list(_CHANNELS), list(_CHANNELS.values()))[0],
        "kind": kind,
        "category": by("code", code),
        "priority": random.choices(list(_PRIORITIES), list(_PRIORITIES.values()))[0],
        "description": f"{person.name}（{person.title}）反映：{subject.format(family=made.family)}。",
        "received_at": received,
        "owner": user(random.choice(staff("MC-V"))),
    }
    if sale:
        values["order"] = Named(f"order:{sale.key}")
    if kind in {"fault", "complaint"}:
        values["severity"] = random.choices(("minor", "major", "critical"), (50, 38, 12))[0]
    course = Course(random, received, world.end)
    fresh = world.end - received < timedelta(hours=80) and random.random() < 0.7
    if fresh:
        values.pop("owner")
    yield Made(at=received, name=name, entity="ticket", values=values)
    if not fresh:
        yield from _handled(random, course, name, values)


def _there(world: World, moment: datetime) -> list[Company]:
    return [one for one in world.customers if one.created_at <= moment] or [world.customers[0]]


def _fitting(buyer: Company) -> list[Product]:
    return [one for one in products() if one.category in buyer.branch.categories]


def _handled(random: Random, course: Course, name: str, values: Row) -> Iterator[Step]:
    agent = values["owner"]
    email = str(agent["by"]["email"]) if isinstance(agent, dict) else ""
    hours, most = _PROMISED[str(values["priority"])]
    late = random.uniform(3, 8) if random.random() < _LATE else random.uniform(0.1, 0.9)
    answered = course.after(hours * late / 24)
    if answered is None:
        return
    said = {"status": "open", "first_responded_at": answered}
    yield Changed(at=answered, name=name, values=said, by=email)
    yield _message(random, name, 1, answered, ("public", random.choice(REPLIES), email))
    if values["priority"] in {"normal", "low"} and random.random() < 0.24:
        yield from _waited(random, course, name, email)
    late = random.uniform(1.8, 4) if random.random() < _LATE else random.uniform(0.1, 0.8)
    solved = course.after(most * late)
    if solved is None:
        return
    solution = random.choice(SOLUTIONS)
    done: Row = {
        "status": "solved",
        "solved_at": solved,
        "solution": solution,
        "root_cause": random.choice(CAUSES),
    }
    yield Changed(at=solved, name=name, values=done, by=email)
    yield _message(random, name, 2, solved, ("public", solution, email))
    closed = course.after(random.uniform(0.5, 4))
    if closed is None:
        return
    yield Changed(at=closed, name=name, values={"status": "closed"}, by=email)
    yield from _rated(random, course, name)
    if values["kind"] in {"fault", "complaint"}:
        yield from visits.after_service(random, course, name, values)


def _message(
    random: Random, ticket: str, number: int, moment: datetime, said: tuple[str, str, str]
) -> Step:
    kind, text, email = said
    values: Row = {
        "ticket": Named(ticket),
        "at": moment,
        "kind": kind,
        "body": text,
        "name": text[:60],
        "author": by("email", email) if email else None,
    }
    return Made(at=moment, name=f"{ticket}:{number}", entity="message", values=values)


def _waited(random: Random, course: Course, name: str, email: str) -> Iterator[Step]:
    """Yield how the customer was asked for something, and sent it."""
    asked = course.after(random.uniform(0.1, 0.4))
    if asked is None:
        return
    yield Changed(at=asked, name=name, values={"status": "waiting_customer"}, by=email)
    came = course.after(random.uniform(0.2, 1))
    if came is not None:
        yield _message(random, name, 3, came, ("inbound", "照片和铭牌已发，请看附件。", ""))
        yield Changed(at=came, name=name, values={"status": "open"}, by=email)


def _rated(random: Random, course: Course, name: str) -> Iterator[Step]:
    if random.random() > _RATED:
        return
    moment = course.after(random.uniform(0.3, 2))
    if moment is None:
        return
    stars = random.choices(list(_STARS), list(_STARS.values()))[0]
    values: Row = {"satisfaction": stars, "satisfaction_at": moment}
    if random.random() < 0.6:
        values["satisfaction_note"] = random.choice(SAID_AFTER[stars])
    yield Changed(at=moment, name=name, values=values)
