"""Loyalty: members join, points are earned and spent on rewards, surveys are answered."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.season import local_day
from loopline_metadata.packs.mingchuan.words import OPINIONS
from loopline_metadata.packs.mingchuan.working import at, day, weekday
from loopline_metadata.packs.mingchuan.world import contact, customer, user

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.equipment.customers import Company
    from loopline_metadata.packs.mingchuan.money import Receipt
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_JOINS: Final = 0.72
_PER: Final = 100
"""How much money earns a point; what tiers add to that is not counted on here."""
_PROMOTES: Final = {10: 20, 9: 24, 8: 22, 7: 14, 6: 8, 5: 5, 3: 4, 1: 3}
_MATTERS: Final = ("quality", "price", "delivery", "service")


@dataclass(frozen=True, slots=True)
class Reward:
    """Something that members get for points."""

    name: str
    points: int
    stock: int | None
    limit: int | None


REWARDS: Final = (
    Reward("泵用润滑油一箱", 600, 120, None),
    Reward("机械密封备件券 500 元", 1000, None, 4),
    Reward("红外测温枪", 1500, 30, 2),
    Reward("便携式测振仪", 4000, 8, 1),
    Reward("设备管理培训名额", 6000, 12, 2),
    Reward("年度巡检一次", 12000, 10, 1),
)


def loyalty(world: World, sales: tuple[Sale, ...], paid: tuple[Receipt, ...]) -> Iterator[Step]:
    """Yield what happened to members, their points and the surveys."""
    random = world.random("loyalty")
    start = world.customers[0].created_at
    for one in REWARDS:
        values: Row = {
            "name": one.name,
            "points": one.points,
            "stock": one.stock,
            "limit_per_member": one.limit,
            "active": True,
        }
        yield Made(at=start, name=f"reward:{one.name}", entity="reward", values=values)
    joined = _joined(random, sales)
    for company, moment in joined.items():
        values = {
            "name": company.name,
            "customer": customer(company),
            "joined": day(moment),
            "owner": user(company.seller),
        }
        name = f"member:{company.key}"
        yield Made(at=moment, name=name, entity="member", values=values, by=company.seller.email)
    yield from _redeemed(random, world, joined, paid)
    yield from _asked(random, world)


def _joined(random: Random, sales: tuple[Sale, ...]) -> dict[Company, datetime]:
    """Answer who is a member, since their first order was booked."""
    found: dict[Company, datetime] = {}
    for sale in sorted((one for one in sales if "booked" in one.at), key=lambda s: s.at["booked"]):
        if random.random() < _JOINS:
            found.setdefault(sale.company, sale.at["booked"])
    return found


def _redeemed(
    random: Random, world: World, joined: dict[Company, datetime], paid: tuple[Receipt, ...]
) -> Iterator[Step]:
    """Yield rewards that members asked for, well within the points that they have by then."""
    earned: dict[Company, list[Receipt]] = defaultdict(list)
    for receipt in paid:
        company = receipt.sale.company
        if company in joined and local_day(receipt.moment) >= local_day(joined[company]):
            earned[company].append(receipt)
    taken: dict[str, int] = defaultdict(int)
    for company, some in earned.items():
        spent, had = 0, defaultdict[str, int](int)
        for receipt in some:
            moment = at(
                random, weekday(_booked(receipt.moment) + timedelta(days=random.randint(0, 16)))
            )
            if moment >= world.end or random.random() < 0.15:
                continue
            before = [one for one in some if _booked(one.moment) <= local_day(moment)]
            points = sum(int(one.amount / _PER) for one in before) * 7 // 10 - spent
            fit = [one for one in REWARDS if one.points <= points and _left(one, taken, had)]
            if not fit:
                continue
            reward = random.choice(fit[-2:])
            spent += reward.points
            taken[reward.name] += 1
            had[reward.name] += 1
            yield from _taken(random, world, company, reward, moment)


def _booked(moment: datetime) -> date:
    """Answer a day on which the points for a payment are there: they are booked month by month."""
    first = local_day(moment).replace(day=1)
    return (first + timedelta(days=32)).replace(day=8)


def _left(one: Reward, taken: Mapping[str, int], had: Mapping[str, int]) -> bool:
    """Whether there is one left, and the member may have it."""
    there = one.stock is None or taken.get(one.name, 0) < one.stock
    return there and (one.limit is None or had.get(one.name, 0) < one.limit)


def _taken(
    random: Random, world: World, company: Company, reward: Reward, moment: datetime
) -> Iterator[Step]:
    name = f"redemption:{company.key}:{moment:%y%m%d%H%M}"
    values: Row = {
        "member": Named(f"member:{company.key}"),
        "reward": Named(f"reward:{reward.name}"),
        "quantity": 1,
        "owner": user(company.seller),
    }
    yield Made(at=moment, name=name, entity="redemption", values=values, by=company.seller.email)
    given = at(random, weekday(local_day(moment) + timedelta(days=random.randint(2, 9))))
    if given < world.end:
        yield Changed(at=given, name=name, values={"status": "fulfilled"})


def _asked(random: Random, world: World) -> Iterator[Step]:
    """Yield the survey that goes to the larger customers twice a year."""
    asked = [one for one in world.customers if one.level in "ab"]
    for ago in (190, 24):
        for one in asked:
            moment = at(random, weekday(local_day(world.end - timedelta(days=ago))))
            if one.created_at < moment and random.random() < 0.85:
                yield from _survey(random, world, one, moment, ago)


def _survey(
    random: Random, world: World, one: Company, moment: datetime, ago: int
) -> Iterator[Step]:
    name = f"survey:{one.key}:{ago}"
    values: Row = {
        "name": "客户关系调查",
        "survey": "relationship",
        "customer": customer(one),
        "contact": contact(world.contacts[one][0]),
        "status": "asked",
        "asked_at": moment,
        "key": f"chronicle:{one.key}:{ago}",
        "owner": user(one.seller),
    }
    yield Made(at=moment, name=name, entity="survey_response", values=values)
    answered = at(random, weekday(local_day(moment) + timedelta(days=random.randint(1, 9))))
    if answered >= world.end or random.random() > 0.64:
        return
    score = random.choices(list(_PROMOTES), list(_PROMOTES.values()))[0]
    said: Row = {"recommend": score, "matters": random.choice(_MATTERS)}
    values = {"status": "answered", "answered_at": answered, "nps": score}
    if random.random() < 0.5:
        kind = "high" if score >= 9 else "middle" if score >= 7 else "low"
        values["comment"] = said["why"] = random.choice(OPINIONS[kind])
    yield Changed(at=answered, name=name, values={**values, "answers": said})
