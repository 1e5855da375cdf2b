"""The opportunities of the demo: what was asked for, how far it went, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment.catalogue import Product, products
from loopline_metadata.packs.equipment.season import moments
from loopline_metadata.packs.equipment.stream import many, stream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal
    from random import Random

    from loopline.sdk import SeedContext
    from loopline_metadata.packs.equipment.customers import Company

DEALS: Final = 220
_LEVEL_PULL: Final = {"a": 6, "b": 3, "c": 1.4, "d": 0.5}
_WIN_RATE: Final = {"a": 0.52, "b": 0.44, "c": 0.36, "d": 0.24}
_REFERRAL_BONUS: Final = 0.12
_PROJECTS: Final = ("新建项目", "技术改造", "扩产项目", "国产化替代", "节能改造", "备机更换")
_BY_PROGRESS: Final = ((0.18, "talk"), (0.4, "confirmed"), (0.65, "solution"))
_LOST: Final = {
    "price": 34,
    "delivery": 14,
    "technology": 12,
    "competitor": 18,
    "no_budget": 10,
    "no_decision": 9,
    "relationship": 3,
}
_UNDER_WAY: Final = 36
"""How many were under way on the first day, some way behind them."""
_YEAR: Final = timedelta(days=350)
_SMALL: Final = 50_000


@dataclass(frozen=True, slots=True)
class Deal:
    """An opportunity, open or ended."""

    number: int
    company: Company
    product: Product
    quantity: int
    amount: Decimal
    project: str
    stage: str
    created_at: datetime
    expected: datetime
    closed_at: datetime | None
    lost_reason: str

    @property
    def key(self) -> str:
        """The id in the imagined system the opportunity came from."""
        return f"demo-opportunity-{self.number:04d}"

    @property
    def name(self) -> str:
        """What the sales people call it."""
        count = f"（{self.quantity} {self.product.unit}）" if self.quantity > 1 else ""
        return f"{self.company.short_name}{self.project} {self.product.family}{count}"


def deals(context: SeedContext, customers: Sequence[Company]) -> tuple[Deal, ...]:
    """Answer the opportunities, oldest first; none before its customer was there."""
    random = stream(context, "deals")
    catalogue = products()
    stock = many(context, _UNDER_WAY)
    later = moments(random, context.now, max(1, many(context, DEALS) - stock))
    days = sorted([max(later[0], customers[0].created_at)] * stock + later)
    return tuple(
        _deal(random, context.now, number, day, _buyer(random, customers, day), catalogue)
        for number, day in enumerate(days, start=1)
    )


def _buyer(random: Random, customers: Sequence[Company], day: datetime) -> Company:
    there = [one for one in customers if one.created_at <= day] or customers[:1]
    return random.choices(there, [_LEVEL_PULL[one.level] for one in there])[0]


def _deal(
    random: Random,
    now: datetime,
    number: int,
    day: datetime,
    buyer: Company,
    catalogue: Sequence[Product],
) -> Deal:
    created_at = max(day, buyer.created_at)
    fitting = [one for one in catalogue if one.category in buyer.branch.categories]
    product = random.choice(fitting)
    quantity = _quantity(random, product)
    discount = random.randint(84, 104)
    days = min(260.0, random.lognormvariate(4.75, 0.45) * (0.5 if product.price < _SMALL else 1.0))
    if now - created_at > _YEAR:
        days *= random.uniform(0.15, 0.9)
    stage, closed_at = _progress(random, now, created_at, days, buyer)
    return Deal(
        number=number,
        company=buyer,
        product=product,
        quantity=quantity,
        amount=round(product.price * quantity * discount / 100, -2),
        project=random.choice(_PROJECTS),
        stage=stage,
        created_at=created_at,
        expected=_expected(random, now, created_at, days, closed_at),
        closed_at=closed_at,
        lost_reason=random.choices(list(_LOST), list(_LOST.values()))[0] if stage == "lost" else "",
    )


def _quantity(random: Random, product: Product) -> int:
    if product.kind != "goods":
        return 1
    return random.choices((1, 2, 3, 4, 6, 8, 12), (18, 26, 14, 16, 14, 8, 4))[0]


def _progress(
    random: Random, now: datetime, created_at: datetime, days: float, buyer: Company
) -> tuple[str, datetime | None]:
    end = created_at + timedelta(days=days)
    if end <= now:
        bonus = _REFERRAL_BONUS if buyer.source == "referral" else 0.0
        won = random.random() < _WIN_RATE[buyer.level] + bonus
        return ("won" if won else "lost"), end
    progress = (now - created_at) / timedelta(days=days) * random.uniform(0.8, 1.25)
    stage = next((name for limit, name in _BY_PROGRESS if progress < limit), "negotiation")
    return stage, None


def _expected(
    random: Random, now: datetime, created_at: datetime, days: float, closed_at: datetime | None
) -> datetime:
    """Closed ones were foreseen more or less; of the open ones one in eight is late already."""
    if closed_at:
        return closed_at + timedelta(days=random.randint(-20, 15))
    foreseen = created_at + timedelta(days=days * random.uniform(0.9, 1.4))
    if random.random() < 1 / 8:
        return now - timedelta(days=random.randint(1, 25))
    return max(foreseen, now + timedelta(days=random.randint(1, 40)))
