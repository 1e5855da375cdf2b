"""The desk of today: targets of the year, tasks and meetings of this week, news for everybody."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.company import employees
from loopline_metadata.packs.equipment.season import ZONE, local_day
from loopline_metadata.packs.mingchuan.words import DUTIES_OF, MEETINGS, PLANS
from loopline_metadata.packs.mingchuan.working import weekday
from loopline_metadata.packs.mingchuan.world import by, head, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.equipment.company import Employee
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_SALES: Final = ("MC-S-E", "MC-S-S", "MC-S-N", "MC-S-W")
_OPEN: Final = frozenset({"talk", "confirmed", "solution", "negotiation"})
_TOUCHED: Final = 7
"""Of how many open deals one has had no call for a while."""


def desk(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield what lies on people's desks."""
    random = world.random("desk")
    yield from _targets(random, world)
    yield from _calls(random, world, sales)
    for one in employees():
        yield from _tasks(random, world, one)


def _targets(random: Random, world: World) -> Iterator[Step]:
    """Yield what is to be won by each seller and received by each region, month by month."""
    start = world.customers[0].created_at
    first = local_day(world.end).replace(day=1)
    for ago in range(12, -2, -1):
        month = _month(first, -ago)
        for code in _SALES:
            values: Row = {"measure": "received", "month": month.isoformat()}
            values |= {"unit": by("code", code), "value": str(random.randint(2, 5) * 80_000)}
            yield Made(at=start, name=f"target:{code}:{month}", entity="target", values=values)
        for one in employees():
            if one.department in _SALES:
                amount = random.randint(2, 4) * 30_000 * (2 if one.is_head else 1)
                values = {"measure": "won", "month": month.isoformat(), "value": str(amount)}
                name = f"target:{one.email}:{month}"
                yield Made(
                    at=start, name=name, entity="target", values={**values, "person": user(one)}
                )


def _month(first: date, months: int) -> date:
    at = first.year * 12 + first.month - 1 + months
    return first.replace(year=at // 12, month=at % 12 + 1)


def _calls(random: Random, world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield the talks about open deals: those of the last weeks, and those planned next."""
    for number, sale in enumerate(one for one in sales if one.deal.stage in _OPEN):
        if number % _TOUCHED == 0:
            continue
        began = max(sale.at.values(), default=sale.deal.created_at)
        last = world.end - timedelta(days=random.randint(1, 18), hours=random.randint(7, 13))
        moment = max(began, last) + timedelta(minutes=5)
        name, said = random.choice(MEETINGS)
        about: Row = {
            "name": name.format(name=sale.person.name),
            "about": Named(sale.key),
            "owner": user(sale.company.seller),
        }
        email = sale.company.seller.email
        if moment < world.end:
            values = {**about, "kind": "call", "state": "done", "at": moment, "outcome": said}
            values["duration"] = random.choice((6, 10, 18, 25))
            yield Made(
                at=moment, name=f"talk:{sale.key}", entity="activity", values=values, by=email
            )
        ahead = weekday(
            local_day(world.end) + timedelta(days=random.choice((0, 0, 1, 1, 2, 3, 4, 7)))
        )
        planned = {
            **about,
            "name": random.choice(PLANS).format(name=sale.person.name),
            "kind": random.choice(("visit", "call", "meeting")),
            "state": "planned",
            "at": datetime.combine(ahead, time(random.choice((9, 10, 14, 15, 16)), 30), ZONE),
        }
        made = min(max(moment, began) + timedelta(minutes=10), world.end - timedelta(minutes=1))
        yield Made(at=made, name=f"plan:{sale.key}", entity="activity", values=planned, by=email)


def _tasks(random: Random, world: World, one: Employee) -> Iterator[Step]:
    """Yield somebody's tasks: some late, some of this week, some done."""
    today, boss = local_day(world.end), head(one.department)
    for number, (ago, due) in enumerate(
        ((9, -2), (5, 0), (4, 1), (3, 2), (3, 4), (12, -6), (6, -3))
    ):
        made = datetime.combine(
            weekday(today - timedelta(days=ago + 2)), time(9, 10 + number), ZONE
        )
        if made >= world.end:
            continue
        names = DUTIES_OF.get(one.department[:4], DUTIES_OF["MC"])
        name = f"task:{one.email}:{number}"
        values: Row = {
            "name": names[number % len(names)],
            "assignee": user(one),
            "owner": user(boss),
            "due": datetime.combine(weekday(today + timedelta(days=due)), time(17, 30), ZONE),
            "priority": random.choice(("normal", "normal", "high", "low")),
        }
        yield Made(at=made, name=name, entity="task", values=values, by=boss.email)
        done = made + timedelta(days=1, hours=3)
        if number > 4 and done < world.end:
            said = {"state": "done", "done_at": done}
            yield Changed(at=done, name=name, values=said, by=one.email)
