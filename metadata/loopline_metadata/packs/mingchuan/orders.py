"""Contracts and orders: signed, booked, shipped, arrived, accepted, closed, now and then not."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Acted, Changed, Made, Named
from loopline_metadata.packs.equipment.season import ZONE, local_day
from loopline_metadata.packs.mingchuan import quotes
from loopline_metadata.packs.mingchuan.words import CARRIERS, CLAUSES, DUTIES
from loopline_metadata.packs.mingchuan.working import day
from loopline_metadata.packs.mingchuan.world import customer, head, product, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_DEVIATES: Final = 0.12
_STEPS: Final = (
    ("booked", "confirmed"),
    ("shipped", "shipping"),
    ("arrived", "delivered"),
    ("accepted", "accepted"),
    ("closed", "closed"),
)


def orders(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield what happened to contracts, orders and deliveries."""
    random = world.random("orders")
    for sale in sales:
        if "contracted" in sale.at:
            yield from _contract(random, world, sale)
        if "ordered" in sale.at:
            yield from _order(sale)
            yield from _moved(sale)
        if "shipped" in sale.at:
            yield from _delivery(random, sale)


def frameworks(world: World) -> Iterator[Step]:
    """Yield the framework contracts of a year ago: some are over, some end soon."""
    random = world.random("frameworks")
    start = world.customers[0].created_at
    known = [one for one in world.customers if one.level in "ab" and one.created_at == start]
    for number, one in enumerate(known[:16]):
        name, ends = f"framework:{one.key}", local_day(world.end) + timedelta(days=8 * number - 30)
        values = {
            "name": f"{one.short_name}年度备件框架协议",
            "customer": customer(one),
            "kind": "framework",
            "amount": str(random.choice((120_000, 200_000, 360_000, 500_000))),
            "status": "active",
            "signed_at": day(start),
            "starts": (ends - timedelta(days=364)).isoformat(),
            "ends": ends.isoformat(),
            "renewal": random.choice(("by_hand", "automatic")),
            "owner": user(one.seller),
        }
        yield Made(at=start, name=name, entity="contract", values=values)
        over = datetime.combine(ends + timedelta(days=1), time(9), ZONE)
        if over < world.end:
            yield Changed(at=over, name=name, values={"status": "expired"})
        filed = over + timedelta(days=10)
        if filed < world.end and number % 2 == 0:
            values = {"status": "archived"}
            yield Changed(at=filed, name=name, values=values, by=one.seller.email)


def _contract(random: Random, world: World, sale: Sale) -> Iterator[Step]:
    """Yield the contract of a won deal: of late made of its quote, before that as it was filed."""
    moment, name, owner = sale.at["contracted"], f"contract:{sale.key}", sale.company.seller
    if moment >= world.context.fresh:
        yield Acted(at=moment, name=quotes.key(sale), action="contract", by=owner.email, made=name)
    else:
        values = {
            "name": sale.deal.name,
            "customer": customer(sale.company),
            "quote": Named(quotes.key(sale)),
            "opportunity": Named(sale.key),
            "amount": f"{sale.total:f}",
            "owner": user(owner),
        }
        yield Made(at=moment, name=name, entity="contract", values=values, by=owner.email)
        yield from _clauses(random, sale, name)
    if "won" in sale.at:
        yield from _signed(random, sale, name)
    elif random.random() < 0.5 and moment + timedelta(days=1) < world.end:
        later = moment + timedelta(days=1)
        yield Changed(at=later, name=name, values={"status": "signing"}, by=owner.email)


def _clauses(random: Random, sale: Sale, name: str) -> Iterator[Step]:
    moment = sale.at["contracted"]
    for number, (title, body, changed) in enumerate(CLAUSES):
        said = changed if changed and random.random() < _DEVIATES else body
        row = {"contract": Named(name), "title": title, "standard": body, "body": said}
        yield Made(at=moment, name=f"{name}:{number}", entity="contract_clause", values=row)


def _signed(random: Random, sale: Sale, name: str) -> Iterator[Step]:
    signed, owner = sale.at["won"], sale.company.seller.email
    between = sale.at["contracted"] + (signed - sale.at["contracted"]) / 2
    yield Changed(at=between, name=name, values={"status": "signing"}, by=owner)
    service = sale.deal.product.kind != "goods"
    years = 1 if service else random.choice((1, 2))
    starts = local_day(signed)
    values: Row = {
        "status": "active",
        "kind": "service" if service else "sale",
        "signed_at": day(signed),
        "starts": day(signed),
        "ends": (starts + timedelta(days=365 * years - 1)).isoformat(),
        "renewal": "by_hand" if service else "none",
    }
    yield Changed(at=signed, name=name, values=values, by=owner)
    for number, (duty, days) in enumerate(DUTIES):
        row = {
            "contract": Named(name),
            "duty": duty,
            "date": (starts + timedelta(days=days)).isoformat(),
            "who": user(sale.company.seller if number else head("MC-T")),
        }
        yield Made(at=signed, name=f"{name}:duty:{number}", entity="obligation", values=row)


def _order(sale: Sale) -> Iterator[Step]:
    moment, name, owner = sale.at["ordered"], f"order:{sale.key}", sale.company.seller
    values = {
        "name": sale.deal.name,
        "customer": customer(sale.company),
        "contract": Named(f"contract:{sale.key}"),
        "quote": Named(quotes.key(sale)),
        "placed_at": moment,
        "owner": user(owner),
    }
    yield Made(at=moment, name=name, entity="order", values=values, by=owner.email)
    for number, line in enumerate(sale.lines):
        row = {
            "order": Named(name),
            "product": product(line.product.code),
            "quantity": str(line.quantity),
            "price": f"{line.product.price:f}",
            "list_price": f"{line.product.price:f}",
            "discount": f"{line.discount:f}",
        }
        yield Made(at=moment, name=f"{name}:{number}", entity="order_line", values=row)


def _moved(sale: Sale) -> Iterator[Step]:
    name, owner = f"order:{sale.key}", sale.company.seller.email
    for step, status in _STEPS:
        if step in sale.at:
            moment = sale.at[step]
            values: Row = {"status": status}
            if step == "accepted":
                values["accepted_at"] = day(moment)
            yield Changed(at=moment, name=name, values=values, by=owner)
    if "cancelled" in sale.at:
        yield Changed(at=sale.at["cancelled"], name=name, values={"status": "cancelled"}, by=owner)


def _delivery(random: Random, sale: Sale) -> Iterator[Step]:
    moment, order, name = sale.at["shipped"], f"order:{sale.key}", f"delivery:{sale.key}"
    values = {
        "order": Named(order),
        "customer": customer(sale.company),
        "shipped_at": day(moment),
        "carrier": random.choice(CARRIERS),
        "tracking": f"YD{random.randrange(10**9, 10**10)}",
        "owner": user(head("MC-V")),
    }
    yield Made(at=moment, name=name, entity="delivery", values=values)
    for number, line in enumerate(sale.lines):
        row = {
            "delivery": Named(name),
            "order_line": Named(f"{order}:{number}"),
            "quantity": str(line.quantity),
        }
        yield Made(at=moment, name=f"{name}:{number}", entity="delivery_line", values=row)
    if "arrived" in sale.at:
        yield Changed(at=sale.at["arrived"], name=name, values={"status": "arrived"})
