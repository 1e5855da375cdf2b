"""Money: payment plans, invoices, receipts on time and late, credit notes, refunds, returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from loopline.sdk import Changed, Made, Named
from loopline_metadata.packs.equipment.season import local_day
from loopline_metadata.packs.mingchuan.words import COMPLAINTS
from loopline_metadata.packs.mingchuan.working import at, day, weekday
from loopline_metadata.packs.mingchuan.world import customer, staff, user

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime
    from random import Random

    from loopline.sdk import ChronicleStep as Step
    from loopline_metadata.packs.equipment.customers import Company
    from loopline_metadata.packs.mingchuan.plan import Sale
    from loopline_metadata.packs.mingchuan.world import World

_MINOR: Final = Decimal("0.01")
_TERMS: Final = {"a": 90, "b": 60, "c": 30, "d": 0}
"""Days after delivery on which the larger part is due, by level of the customer."""
_HABITS: Final = {"prompt": 55, "late": 32, "slow": 13}
_METHODS: Final = {"transfer": 70, "acceptance": 26, "card": 4}
_PARTIAL: Final = 0.08


@dataclass(frozen=True, slots=True)
class Instalment:
    """A part of what an order costs."""

    name: str
    due: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that came in for one instalment."""

    name: str
    sale: Sale
    number: int
    moment: datetime
    amount: Decimal


def receipts(world: World, sales: tuple[Sale, ...]) -> tuple[Receipt, ...]:
    """Answer what came in, by how each customer pays."""
    random = world.random("receipts")
    habits: dict[Company, str] = {}
    found = []
    for sale in sales:
        habit = habits.setdefault(
            sale.company, random.choices(list(_HABITS), list(_HABITS.values()))[0]
        )
        for number, part in enumerate(instalments(sale)):
            moment = at(random, weekday(part.due + timedelta(days=_delay(random, habit))))
            share = Decimal("0.5") if random.random() < _PARTIAL else Decimal(1)
            if "booked" in sale.at and sale.at["booked"] < moment < world.end:
                amount = (part.amount * share).quantize(_MINOR, ROUND_HALF_UP)
                name = f"receipt:{sale.key}:{number}"
                found.append(Receipt(name, sale, number, moment, amount))
    return tuple(found)


def instalments(sale: Sale) -> tuple[Instalment, ...]:
    """Answer the plan of an order: in advance, on delivery, and what is kept for the warranty."""
    if "booked" not in sale.at:
        return ()
    booked, planned = local_day(sale.at["booked"]), sale.due["planned"]
    if sale.company.level == "d" or sale.deal.product.kind != "goods":
        return (Instalment("全款", booked + timedelta(days=10), sale.total),)
    advance = (sale.total * Decimal("0.3")).quantize(_MINOR, ROUND_HALF_UP)
    kept = (sale.total * Decimal("0.1")).quantize(_MINOR, ROUND_HALF_UP)
    days = _TERMS[sale.company.level]
    return (
        Instalment("预付款", booked + timedelta(days=7), advance),
        Instalment("到货款", planned + timedelta(days=days), sale.total - advance - kept),
        Instalment("质保金", planned + timedelta(days=365), kept),
    )


def money(world: World, sales: tuple[Sale, ...], paid: tuple[Receipt, ...]) -> Iterator[Step]:
    """Yield the plans, invoices and receipts, and what was given back."""
    random = world.random("money")
    for sale in sales:
        yield from _planned(sale)
        if "shipped" in sale.at:
            yield from _invoiced(random, world, sale)
    for one in paid:
        yield from _received(random, one)
    yield from _given_back(random, world, [one for one in sales if "accepted" in one.at], paid)


def _delay(random: Random, habit: str) -> int:
    if habit == "prompt":
        return random.randint(-4, 3)
    return random.randint(4, 38) if habit == "late" else random.randint(35, 160)


def _planned(sale: Sale) -> Iterator[Step]:
    for number, part in enumerate(instalments(sale)):
        row = {
            "order": Named(f"order:{sale.key}"),
            "name": part.name,
            "due": part.due.isoformat(),
            "amount": f"{part.amount:f}",
        }
        name = f"part:{sale.key}:{number}"
        yield Made(at=sale.at["ordered"], name=name, entity="instalment", values=row)


def _invoiced(random: Random, world: World, sale: Sale) -> Iterator[Step]:
    moment, name, finance = sale.at["shipped"], f"invoice:{sale.key}", staff("MC-F")[0]
    asked = moment + timedelta(minutes=25)
    values = {
        "order": Named(f"order:{sale.key}"),
        "amount": f"{sale.total:f}",
        "kind": "special" if random.random() < 0.85 else "ordinary",
        "owner": user(sale.company.seller),
    }
    yield Made(at=asked, name=name, entity="invoice", values=values, by=sale.company.seller.email)
    issued = at(random, weekday(local_day(moment) + timedelta(days=random.randint(1, 4))))
    if issued < world.end:
        said = {
            "status": "issued",
            "number": f"{random.randrange(10**19, 10**20)}",
            "issued_at": day(issued),
        }
        yield Changed(at=issued, name=name, values=said, by=finance.email)


def _received(random: Random, one: Receipt) -> Iterator[Step]:
    values = {
        "customer": customer(one.sale.company),
        "amount": f"{one.amount:f}",
        "received_at": day(one.moment),
        "method": random.choices(list(_METHODS), list(_METHODS.values()))[0],
        "reference": f"{one.moment:%Y%m%d}{random.randrange(10**6):06}",
        "owner": user(one.sale.company.seller),
    }
    by = staff("MC-F")[0].email
    yield Made(at=one.moment, name=one.name, entity="receipt", values=values, by=by)
    put = {
        "receipt": Named(one.name),
        "instalment": Named(f"part:{one.sale.key}:{one.number}"),
        "amount": f"{one.amount:f}",
    }
    name = f"put:{one.name}"
    yield Made(at=one.moment, name=name, entity="allocation", values=put, by=by)


def _given_back(
    random: Random, world: World, delivered: list[Sale], paid: tuple[Receipt, ...]
) -> Iterator[Step]:
    """Yield a few returns, credit notes for what was faulty, and refunds of a part."""
    chosen = random.sample(delivered, len(delivered) // 12)
    for number, sale in enumerate(chosen):
        moment = at(random, weekday(local_day(sale.at["accepted"]) + timedelta(days=9)))
        if moment >= world.end:
            continue
        yield from _returned(random, sale, number, moment)
        amount = (sale.total * random.choice((1, 2, 3)) / 100).quantize(_MINOR, ROUND_HALF_UP)
        reason = random.choice(COMPLAINTS)
        note = {
            "order": Named(f"order:{sale.key}"),
            "amount": f"{amount:f}",
            "reason": reason,
            "owner": user(sale.company.seller),
        }
        yield Made(at=moment, name=f"credit:{sale.key}", entity="credit_note", values=note)
        last = [one for one in paid if one.sale is sale]
        back = at(random, weekday(local_day(moment) + timedelta(days=6)))
        if number % 2 == 0 and last and max(back, last[-1].moment) < world.end:
            refund = {
                "receipt": Named(last[-1].name),
                "amount": f"{min(amount, last[-1].amount):f}",
                "reason": reason,
                "refunded_at": day(max(back, last[-1].moment)),
            }
            when = max(back, last[-1].moment + timedelta(minutes=30))
            yield Made(at=when, name=f"refund:{sale.key}", entity="refund", values=refund)


def _returned(random: Random, sale: Sale, number: int, moment: datetime) -> Iterator[Step]:
    name = f"return:{sale.key}"
    values = {
        "order": Named(f"order:{sale.key}"),
        "kind": random.choice(("exchange", "return")),
        "reason": random.choice(("faulty", "faulty", "wrong")),
        "status": ("settled", "settled", "received", "asked")[number % 4],
        "owner": user(staff("MC-V")[0]),
    }
    yield Made(at=moment, name=name, entity="return", values=values)
    line = {
        "return": Named(name),
        "order_line": Named(f"order:{sale.key}:0"),
        "quantity": "1",
    }
    yield Made(at=moment, name=f"{name}:0", entity="return_line", values=line)
