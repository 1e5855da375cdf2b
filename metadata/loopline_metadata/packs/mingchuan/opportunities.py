"""Opportunities: they begin, go through their stages, are put off, stall, are won or lost."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.names import latin
from loopline_metadata.packs.equipment.season import local_day
from loopline_metadata.packs.mingchuan.leads import is_converted
from loopline_metadata.packs.mingchuan.words import NEEDS, REVIEWS, RIVALS, VISITS
from loopline_metadata.packs.mingchuan.working import day
from loopline_metadata.packs.mingchuan.world import contact, product, staff, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_FORECAST: Final = {"confirmed": "pipeline", "solution": "best", "negotiation": "commit"}
_LATER: Final = (
    "stage",
    "probability",
    "forecast",
    "closed_at",
    "lost_reason",
    "created_at",
    "lead",
)
_ATTITUDES: Final = ("supports", "supports", "neutral", "neutral", "against")


def rivals(world: World) -> Iterator[Step]:
    """Yield the competitors, known from the first day."""
    start = world.customers[0].created_at
    for name, strength, weakness in RIVALS:
        values = {
            "name": name,
            "website": f"https://{latin(name)}.example",
            "strengths": strength,
            "weaknesses": weakness,
        }
        yield Made(at=start, name=f"rival:{name}", entity="competitor", values=values)


def opportunities(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield what happened to the opportunities."""
    random = world.random("opportunities")
    for sale in sales:
        row = world.deal_rows[sale.key]
        yield from _begun(sale, row, world.context.fresh)
        yield from _put_off(random, world, sale)
        yield from _moved(random, sale)
        yield from _around(random, sale)


def _begun(sale: Sale, row: Row, fresh: datetime) -> Iterator[Step]:
    values = {name: value for name, value in row.items() if name not in _LATER}
    owner = sale.company.seller.email
    if "lead" not in row or not is_converted(sale.deal, fresh):
        if isinstance(lead := row.get("lead"), dict):
            values["lead"] = Named(lead["by"]["external_id"])
        yield Made(
            at=sale.deal.created_at, name=sale.key, entity="opportunity", values=values, by=owner
        )
        return
    more = {name: values[name] for name in values if name.startswith("equipment__")}
    told = {**more, "external_id": sale.key, "owner": user(sale.company.seller)}
    moment = sale.deal.created_at + timedelta(minutes=40)
    moment = min([moment, *(at - timedelta(minutes=10) for at in sale.at.values())])
    yield Changed(at=max(moment, sale.deal.created_at), name=sale.key, values=told, by=owner)


def _put_off(random: Random, world: World, sale: Sale) -> Iterator[Step]:
    """Yield how the day of a deal that is still open was put off."""
    if sale.deal.closed_at or "solution" not in sale.at or random.random() < 0.6:
        return
    first = sale.at["solution"]
    for turn in range(random.choice((1, 1, 2, 3))):
        moment = first + timedelta(days=6 + 9 * turn)
        if moment >= world.end:
            return
        put = local_day(sale.deal.expected) + timedelta(days=7 * (turn + 1))
        values = {"expected_close": put.isoformat()}
        yield Changed(at=moment, name=sale.key, values=values, by=sale.company.seller.email)


def _moved(random: Random, sale: Sale) -> Iterator[Step]:
    owner = sale.company.seller.email
    for stage in (*sale.reached, "won", "lost"):
        moment = sale.at.get(stage)
        if moment is None:
            continue
        values: Row = {"stage": stage, "stage_since": moment}
        if stage in _FORECAST:
            values["forecast"] = _FORECAST[stage]
        if stage == "confirmed":
            values["need"] = random.choice(NEEDS).format(
                family=sale.deal.product.family, count=sale.deal.quantity
            )
        if stage == "negotiation":
            values["amount"] = f"{sale.total:f}"
        if stage in {"won", "lost"}:
            values["closed_at"] = day(moment)
        if stage == "lost":
            values["lost_reason"] = sale.deal.lost_reason
            values["rivals"] = [Named(f"rival:{random.choice(RIVALS)[0]}")]
        yield Changed(at=moment, name=sale.key, values=values, by=owner)


def _around(random: Random, sale: Sale) -> Iterator[Step]:
    """Yield who decides, who works on it, what was asked for, and the visits."""
    if "confirmed" not in sale.at:
        return
    moment, owner = sale.at["confirmed"], sale.company.seller.email
    line = {
        "opportunity": Named(sale.key),
        "product": product(sale.deal.product.code),
        "quantity": str(sale.deal.quantity),
        "price": f"{sale.deal.product.price:f}",
    }
    yield Made(at=moment, name=f"line:{sale.key}", entity="opportunity_line", values=line, by=owner)
    who = {
        "opportunity": Named(sale.key),
        "contact": contact(sale.person),
        "role": sale.person.role,
        "attitude": random.choice(_ATTITUDES),
    }
    yield Made(
        at=moment, name=f"who:{sale.key}", entity="opportunity_contact", values=who, by=owner
    )
    if "solution" in sale.at:
        yield from _worked_out(random, sale)


def _worked_out(random: Random, sale: Sale) -> Iterator[Step]:
    moment, owner = sale.at["solution"], sale.company.seller.email
    expert = random.choice(staff("MC-T"))
    member = {"opportunity": Named(sale.key), "person": user(expert), "role": "technical"}
    yield Made(
        at=moment, name=f"team:{sale.key}", entity="opportunity_member", values=member, by=owner
    )
    asked = {
        "opportunity": Named(sale.key),
        "title": f"{sale.deal.product.family}选型要求",
        "body": random.choice(NEEDS).format(
            family=sale.deal.product.family, count=sale.deal.quantity
        ),
        "reviewed_by": user(expert),
        "verdict": random.choice(("feasible", "feasible", "feasible", "changes")),
        "remark": random.choice(REVIEWS),
    }
    yield Made(at=moment, name=f"asked:{sale.key}", entity="requirement", values=asked, by=owner)
    name, outcome = random.choice(VISITS)
    visit = {
        "name": name.format(company=sale.company.short_name),
        "kind": random.choice(("visit", "visit", "meeting", "call")),
        "state": "done",
        "about": Named(sale.key),
        "at": moment,
        "duration": random.choice((45, 60, 90, 120)),
        "outcome": outcome,
        "owner": user(sale.company.seller),
    }
    yield Made(at=moment, name=f"visit:{sale.key}", entity="activity", values=visit, by=owner)
