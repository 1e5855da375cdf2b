"""Quotes: made of a deal, above a discount approved first, sent, answered, made anew."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline.sdk import Acted, Changed, Made, Named
from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.mingchuan.words import APPROVED, DECLINED, TERMS
from loopline_metadata.packs.mingchuan.working import day
from loopline_metadata.packs.mingchuan.world import contact, customer, product, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import Row, World

_VALID: Final = timedelta(days=30)
_BOOKS: Final = (("standard", "标准价格表", "", 100), ("key", "A 级客户价格表", "a", 96))


def price_books(world: World) -> Iterator[Step]:
    """Yield the price books of the year: the list, and a little less for the key accounts."""
    start = world.customers[0].created_at
    for code, name, level, percent in _BOOKS:
        values: Row = {"name": name, "active": True, "starts": day(start)}
        if level:
            values |= {"level": level, "parent": Named("book:standard")}
        yield Made(at=start, name=f"book:{code}", entity="price_book", values=values)
        for one in products() if not level else ():
            price = {
                "price_book": Named(f"book:{code}"),
                "product": product(one.code),
                "price": f"{one.price * percent / 100:.2f}",
            }
            yield Made(at=start, name=f"price:{code}:{one.code}", entity="price", values=price)


def key(sale: Sale) -> str:
    """Answer what the quote that counts is called."""
    return f"quote:{sale.key}:{2 if 'renewed' in sale.at else 1}"


def quotes(world: World, sales: tuple[Sale, ...]) -> Iterator[Step]:
    """Yield what happened to the quotes."""
    random = world.random("quotes")
    for sale in sales:
        if "quoted" in sale.at:
            yield from _made(random, sale, 1, sale.at["quoted"])
            if sale.needs_approval:
                yield from _approved(random, world, sale)
            yield from _sent(world, sale)
            if "answered" in sale.at:
                yield from _answered(random, sale)


def _made(random: Random, sale: Sale, version: int, moment: datetime) -> Iterator[Step]:
    name, owner = f"quote:{sale.key}:{version}", sale.company.seller
    values: Row = {
        "name": sale.deal.name,
        "customer": customer(sale.company),
        "contact": contact(sale.person),
        "opportunity": Named(sale.key),
        "price_book": Named("book:standard"),
        "version": version,
        "valid_until": day(moment + _VALID),
        "terms": random.choice(TERMS),
        "owner": user(owner),
    }
    if version > 1:
        values["previous"] = Named(f"quote:{sale.key}:{version - 1}")
    yield Made(at=moment, name=name, entity="quote", values=values, by=owner.email)
    for number, line in enumerate(sale.lines):
        # The first version asked for more than the customer agreed to in the end.
        off = line.discount / 2 if version == 1 and "renewed" in sale.at else line.discount
        row = {
            "quote": Named(name),
            "product": product(line.product.code),
            "quantity": str(line.quantity),
            "price": f"{line.product.price:f}",
            "discount": f"{off:f}",
        }
        yield Made(at=moment, name=f"{name}:{number}", entity="quote_line", values=row)


def _approved(random: Random, world: World, sale: Sale) -> Iterator[Step]:
    """Yield the approval: of late as it is asked for and given, before that as it came out."""
    asked, given = sale.at.get("submitted"), sale.at.get("approved")
    name, owner = f"quote:{sale.key}:1", sale.company.seller
    if asked is None:
        return
    if asked < world.context.fresh:
        yield Changed(at=asked, name=name, values={"status": "in_approval"}, by=owner.email)
        if given is not None:
            yield Changed(at=given, name=name, values={"status": "approved"}, by=owner.email)
        return
    yield Acted(at=asked, name=name, action="submit", by=owner.email)
    if given is None:
        return
    said = {"comment": random.choice(APPROVED)}
    for turn, boss in enumerate(sale.approvers):
        moment = given + timedelta(minutes=11 * turn)
        yield Acted(at=moment, name=name, action="approve", by=boss.email, settings=said)


def _sent(world: World, sale: Sale) -> Iterator[Step]:
    owner, at = sale.company.seller.email, sale.at
    first = f"quote:{sale.key}:1"
    if "sent" not in at:
        return
    values = {"status": "sent", "sent_at": at["sent"]}
    yield Changed(at=at["sent"], name=first, values=values, by=owner)
    last = at["sent"]
    if "renewed" in at:
        yield from _made(world.random(f"quote-{sale.key}"), sale, 2, at["renewed"])
        yield Changed(at=at["renewed"], name=first, values={"status": "replaced"}, by=owner)
        if "sent again" not in at:
            return
        last = at["sent again"]
        values = {"status": "sent", "sent_at": last}
        yield Changed(at=last, name=key(sale), values=values, by=owner)
    over = last + _VALID + timedelta(days=2)
    if "answered" not in at and over < world.end:
        yield Changed(at=over, name=key(sale), values={"status": "expired"})


def _answered(random: Random, sale: Sale) -> Iterator[Step]:
    moment = sale.at["answered"]
    values: Row = {
        "status": "declined" if sale.deal.stage == "lost" else "accepted",
        "answered_at": moment,
        "answered_by": sale.person.name,
    }
    if sale.deal.stage == "lost":
        values["decline_reason"] = DECLINED.get(sale.deal.lost_reason, random.choice(TERMS))
    yield Changed(at=moment, name=key(sale), values=values)
