"""How each deal goes: what is offered, and when it comes to which step, if it does."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.equipment.company import manager
from loopline_metadata.packs.equipment.season import local_day
from loopline_metadata.packs.mingchuan.working import Course

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from random import Random

    from loopline_metadata.packs.equipment.catalogue import Product
    from loopline_metadata.packs.equipment.company import Employee
    from loopline_metadata.packs.equipment.customers import Company, Person
    from loopline_metadata.packs.equipment.deals import Deal
    from loopline_metadata.packs.mingchuan.world import World

STAGES: Final = ("confirmed", "solution", "negotiation")
_ALONG: Final = {"confirmed": 0.12, "solution": 0.36, "negotiation": 0.62}
"""How much of the way lies behind a deal that enters a stage."""
_LOST_AFTER: Final = {"talk": 18, "confirmed": 24, "solution": 26, "negotiation": 32}
_APPROVED_BELOW: Final = Decimal("0.9")
_AGREED: Final = 0.4
"""How many customers have said yes to what is open still."""
_SHOWN: Final = "MC-S-E"
_WAITING: Final = 3
"""How many quotes wait for the head of that department today."""
_MINOR: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class OfferLine:
    """A line of what is offered."""

    product: Product
    quantity: int
    discount: Decimal

    @property
    def amount(self) -> Decimal:
        """What the line comes to."""
        whole = self.quantity * self.product.price * (1 - self.discount)
        return whole.quantize(_MINOR, ROUND_HALF_UP)


@dataclass(kw_only=True, slots=True)
class Sale:
    """A deal with what is offered and the moments of its steps, those that have come."""

    deal: Deal
    person: Person
    lines: tuple[OfferLine, ...]
    reached: tuple[str, ...]
    versions: int
    waits: bool
    at: dict[str, datetime] = field(default_factory=dict)
    due: Mapping[str, date] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What its opportunity is called."""
        return self.deal.key

    @property
    def company(self) -> Company:
        """Who buys."""
        return self.deal.company

    @property
    def total(self) -> Decimal:
        """What is offered comes to."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def needs_approval(self) -> bool:
        """Whether the discount is more than the seller may give."""
        return self._is_below(_APPROVED_BELOW)

    @property
    def approvers(self) -> tuple[Employee, ...]:
        """Who agrees to the discount: the superior, to a large one the head of the department too.

        Who would be asked twice, or asked about what they offer themselves, is asked once.
        """
        seller = self.company.seller
        above = manager(seller)
        asked = [above] if above else []
        return tuple(asked)

    def _is_below(self, part: Decimal) -> bool:
        listed = sum((line.quantity * line.product.price for line in self.lines), Decimal(0))
        return self.total < listed * part


def plan(world: World) -> tuple[Sale, ...]:
    """Answer how the deals go, in the order in which they began."""
    random = world.random("sales")
    asked = [one for one in world.deals if _may_wait(one)][:_WAITING]
    return tuple(_sale(random, world, deal, waits=deal in asked) for deal in world.deals)


def _may_wait(deal: Deal) -> bool:
    """Whether a quote of a deal may wait for the manager whom demos show."""
    seller = deal.company.seller
    return deal.stage == "negotiation" and seller.department == _SHOWN and not seller.is_head


def _sale(random: Random, world: World, deal: Deal, *, waits: bool) -> Sale:
    lines = tuple(_lines(random, deal))
    if waits:
        lines = (replace(lines[0], discount=Decimal("0.15")),)
    sale = Sale(
        deal=deal,
        person=world.contacts[deal.company][0],
        lines=lines,
        reached=_reached(random, deal),
        versions=2 if random.random() < 0.15 else 1,
        waits=waits,
    )
    course = Course(random, deal.created_at, world.end)
    _walk(random, course, sale, world.end)
    return sale


def _reached(random: Random, deal: Deal) -> tuple[str, ...]:
    if deal.stage == "won":
        return STAGES
    last = deal.stage
    if last == "lost":
        last = random.choices(list(_LOST_AFTER), list(_LOST_AFTER.values()))[0]
    return STAGES[: STAGES.index(last) + 1] if last in STAGES else ()


def _lines(random: Random, deal: Deal) -> Iterator[OfferLine]:
    discount = Decimal(random.choices((0, 3, 5, 6, 8, 12, 15), (18, 14, 18, 12, 16, 13, 9))[0])
    yield OfferLine(deal.product, deal.quantity, discount / 100)
    extra = {"goods": ("FW-INST", "BJ-SEAL", "D341-200"), "subscription": ("FW-WATCH",)}
    if deal.product.price * deal.quantity > 60_000 and random.random() < 0.45:
        named = {one.code: one for one in products()}
        code = random.choice(extra.get(deal.product.kind, ("BJ-SEAL",)))
        if code != deal.product.code:
            yield OfferLine(named[code], random.choice((1, 1, 2)), Decimal(0))


def _walk(random: Random, course: Course, sale: Sale, end: datetime) -> None:
    """Note the moments of a deal up to its end, or to today."""
    deal, start = sale.deal, sale.deal.created_at
    whole = (deal.closed_at or end) - start
    for index, stage in enumerate(sale.reached, start=1):
        along = _ALONG[stage] if deal.closed_at else index / (len(sale.reached) + 1)
        moment = course.by(start + whole * (along + random.uniform(-0.08, 0.08)))
        if moment is None:
            return
        sale.at[stage] = moment
    if "negotiation" in sale.at:
        _quote(random, course, sale)
    closing = course.by(max(deal.closed_at, course.now)) if deal.closed_at else None
    if closing is None:
        return
    sale.at[deal.stage] = closing
    if deal.stage == "won":
        _deliver(random, course, sale)


def _note(sale: Sale, name: str, moment: datetime | None) -> bool:
    if moment is not None:
        sale.at[name] = moment
    return moment is not None


def _quote(random: Random, course: Course, sale: Sale) -> None:
    """Note when the quote was made, approved and sent, and when the customer answered."""
    closed = sale.deal.closed_at
    if sale.waits:
        lately = course.end - timedelta(days=random.uniform(1, 5))
        _note(sale, "quoted", course.by(lately - timedelta(hours=3)))
        _note(sale, "submitted", course.by(lately))
        return
    steps = [("quoted", 0.1)]
    if sale.needs_approval:
        steps += [("submitted", 0.2), ("approved", random.choice((0.3, 1.0, 2.0)))]
    steps += [("sent", random.choice((0.1, 0.3, 1.0)))]
    if sale.versions > 1 and not sale.needs_approval:
        steps += [("renewed", random.uniform(4, 9)), ("sent again", 0.3)]
    for name, days in steps:
        if closed is None and name != "quoted" and random.random() < 0.14:
            return  # still on somebody's desk
        if not _note(sale, name, course.after(days)):
            return
    _answer(random, course, sale, closed)


def _answer(random: Random, course: Course, sale: Sale, closed: datetime | None) -> None:
    """Note the customer's answer, and the contract made where it was yes."""
    if closed is None:
        days, agreed = random.uniform(2, 9), True
        if random.random() > _AGREED:
            return
    else:
        days = (closed - course.now) / timedelta(days=1) - random.uniform(2, 5)
        agreed = sale.deal.stage == "won"
    if _note(sale, "answered", course.after(max(0.2, days))) and agreed:
        _note(sale, "contracted", course.after(random.uniform(0.2, 1.5)))


def _deliver(random: Random, course: Course, sale: Sale) -> None:
    """Note how an order goes from the contract to its end."""
    _note(sale, "ordered", course.after(random.uniform(0.1, 2)))
    weeks = random.choice((3, 4, 5, 6, 8)) if sale.lines[0].product.kind == "goods" else 1
    planned = local_day(course.now + timedelta(days=7 * weeks))
    sale.due = {"planned": planned}
    steps = (
        ("booked", random.uniform(0.2, 2)),
        ("shipped", 7 * weeks * random.uniform(0.85, 1.25)),
        ("arrived", random.uniform(2, 6)),
        ("accepted", random.uniform(3, 16)),
        ("closed", random.uniform(60, 120)),
    )
    if "ordered" in sale.at and random.random() > 0.04:
        for name, days in steps:
            if not _note(sale, name, course.after(days)):
                return
