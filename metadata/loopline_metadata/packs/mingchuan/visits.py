"""Return visits: planned after deliveries and service, made, and now and then a lead again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.names import mobile
from loopline_metadata.packs.equipment.season import local_day
from loopline_metadata.packs.mingchuan.words import OUTCOMES
from loopline_metadata.packs.mingchuan.working import Course, weekday
from loopline_metadata.packs.mingchuan.world import contact, customer, staff, user

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_RESULTS: Final = {
    "satisfied": 56,
    "neutral": 17,
    "interested": 13,
    "dissatisfied": 6,
    "unreachable": 8,
}
_CHANNELS: Final = ("phone", "phone", "phone", "wechat", "on_site")
_SKIPPED: Final = 0.3
_LATELY: Final = timedelta(days=24)
"""How many visits that were due nobody has made yet, of those of the last weeks."""


def after_delivery(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield the visits a week after an order was accepted, and the leads that come of them."""
    random = world.random("visits")
    agents = staff("MC-V")
    for number, sale in enumerate(one for one in sales if "accepted" in one.at):
        values: Row = {
            "name": f"交付回访：{sale.deal.name}"[:200],
            "customer": customer(sale.company),
            "contact": contact(sale.person),
            "order": Named(f"order:{sale.key}"),
            "reason": "after_delivery",
            "rule": "visit_after_delivery",
            "owner": user(agents[number % len(agents)]),
        }
        course = Course(random, sale.at["accepted"], world.end)
        result = yield from _visit(random, course, f"visit:order:{sale.key}", values)
        if result == "interested":
            yield from _again(course, number, sale)


def after_service(random: Random, course: Course, ticket: str, about: Row) -> Iterator[Step]:
    """Yield the visit three days after a ticket was closed."""
    values: Row = {
        "name": f"服务回访：{about['subject']}"[:200],
        "customer": about["customer"],
        "contact": about["contact"],
        "ticket": Named(ticket),
        "reason": "complaint" if about["kind"] == "complaint" else "after_service",
        "rule": "visit_after_service",
        "owner": about["owner"],
    }
    yield from _visit(random, course, f"visit:{ticket}", values)


def _visit(random: Random, course: Course, name: str, values: Row) -> Generator[Step, None, str]:
    """Yield a visit as planned and as made; answer its result."""
    planned = course.after(0.01)
    if planned is None:
        return ""
    due = weekday(local_day(planned) + timedelta(days=random.choice((3, 5, 7))))
    plan = {**values, "due": due.isoformat(), "channel": random.choice(_CHANNELS)}
    yield Made(at=planned, name=name, entity="visit", values=plan)
    made = course.after((due - local_day(planned)).days + random.choice((0, 0, 1, 2)))
    lately = course.left < _LATELY
    if made is None or (lately and random.random() < _SKIPPED):
        return ""
    result = random.choices(list(_RESULTS), list(_RESULTS.values()))[0]
    owner = values["owner"]
    by = str(owner["by"]["email"]) if isinstance(owner, dict) else ""
    said = {
        "status": "done",
        "result": result,
        "outcome": random.choice(OUTCOMES[result]),
        "done_at": made,
    }
    yield Changed(at=made, name=name, values=said, by=by)
    return result


def _again(course: Course, number: int, sale: Sale) -> Iterator[Step]:
    """Yield the lead that a visit found: the loop closes."""
    moment = course.after(0.02)
    if moment is None:
        return
    name, seller = f"again:{sale.key}", sale.company.seller
    values: Row = {
        "name": sale.person.name,
        "company": sale.company.name,
        "phone": mobile("197", number),
        "region": sale.company.city.code,
        "source": "service",
        "level": "a",
        "need": f"回访得知：{sale.deal.product.family}还要增加 2 台，年内招标。",
        "status": "assigned",
        "owner": user(seller),
        "service__customer": customer(sale.company),
        "service__visit": Named(f"visit:order:{sale.key}"),
    }
    yield Made(at=moment, name=name, entity="lead", values=values, by=staff("MC-V")[0].email)
    called = course.after(1)
    if called is not None:
        said: Row = {"status": "qualified", "last_follow_up": called}
        yield Changed(at=called, name=name, values=said, by=seller.email)
