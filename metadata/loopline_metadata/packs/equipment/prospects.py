"""The leads of the demo: those that became an opportunity, and the many that did not (yet)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment.catalogue import products
from loopline_metadata.packs.equipment.company import sellers
from loopline_metadata.packs.equipment.customers import SOURCES, busy
from loopline_metadata.packs.equipment.names import Names, latin, mobile
from loopline_metadata.packs.equipment.places import BRANCHES, CITIES
from loopline_metadata.packs.equipment.season import at_fair, moments
from loopline_metadata.packs.equipment.stream import many, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from loopline.sdk import SeedContext
    from loopline_metadata.packs.equipment.catalogue import Product
    from loopline_metadata.packs.equipment.company import Employee
    from loopline_metadata.packs.equipment.customers import Company, Person
    from loopline_metadata.packs.equipment.deals import Deal
    from loopline_metadata.packs.equipment.places import Branch, City

LEADS: Final = 700
CONVERTED: Final = 100
_FIRMS: Final = 600
_TITLES: Final = (
    "设备工程师",
    "采购主管",
    "项目经理",
    "工艺主管",
    "技术总监",
    "维保主管",
    "合伙人",
    "",
)
_FRESH, _YOUNG, _OLD = 5, 21, 90
_STATUS: Final = {
    _FRESH: {"new": 62, "assigned": 28, "contacted": 10},
    _YOUNG: {"new": 8, "assigned": 22, "contacted": 48, "qualified": 14, "invalid": 8},
    _OLD: {"assigned": 4, "contacted": 40, "qualified": 22, "invalid": 34},
    999: {"contacted": 12, "qualified": 8, "invalid": 80},
}
_INVALID: Final = {
    "no_need": 34,
    "no_budget": 22,
    "wrong_number": 14,
    "out_of_range": 14,
    "competitor": 8,
    "duplicate": 8,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prospect:
    """A lead. ``deal`` is what it became."""

    number: int
    name: str
    company: str
    title: str
    phone: str
    email: str
    city: City
    branch: Branch
    product: Product
    quantity: int
    source: str
    level: str
    status: str
    invalid_reason: str
    seller: Employee | None
    created_at: datetime
    touched_at: datetime | None
    next_day: datetime | None
    deal: Deal | None = None

    @property
    def key(self) -> str:
        """The id in the imagined system the lead came from."""
        return f"demo-lead-{self.number:04d}"


@dataclass(frozen=True, slots=True)
class _Firm:
    """Where a lead works."""

    stem: str
    form: str
    branch: Branch
    city: City

    @property
    def name(self) -> str:
        return self.stem + self.branch.word + self.form

    @property
    def domain(self) -> str:
        return f"{latin(self.stem + self.branch.word)}.example"


def prospects(
    context: SeedContext, contacts: Sequence[Person], deals: Sequence[Deal]
) -> tuple[Prospect, ...]:
    """Answer the leads: first those that were converted, then the others, each oldest first."""
    random = stream(context, "leads")
    first_contact: dict[Company, Person] = {}
    for person in contacts:
        first_contact.setdefault(person.company, person)
    origins: dict[Company, Deal] = {}
    for deal in deals:
        origins.setdefault(deal.company, deal)
    chosen = random.sample(
        sorted(origins.values(), key=_number), min(many(context, CONVERTED), len(origins))
    )
    converted = [
        _converted(random, number, deal, first_contact[deal.company])
        for number, deal in enumerate(sorted(chosen, key=_number), start=1)
    ]
    return (*converted, *_others(random, context, len(converted)))


def _number(deal: Deal) -> int:
    return deal.number


def _converted(random: Random, number: int, deal: Deal, person: Person) -> Prospect:
    company = deal.company
    return Prospect(
        number=number,
        name=person.name,
        company=company.name,
        title=person.title,
        phone=person.phone,
        email=person.email,
        city=company.city,
        branch=company.branch,
        product=deal.product,
        quantity=deal.quantity,
        source=company.source,
        level=random.choices("abc", (50, 40, 10))[0],
        status="converted",
        invalid_reason="",
        seller=company.seller,
        created_at=deal.created_at - timedelta(days=random.randint(1, 20)),
        touched_at=deal.created_at,
        next_day=None,
        deal=deal,
    )


def _others(random: Random, context: SeedContext, taken: int) -> Iterator[Prospect]:
    firms = _firms(random)
    names = Names(random)
    days = moments(random, context.now, max(0, many(context, LEADS) - taken), rush=True)
    for number, day in enumerate(days, start=taken + 1):
        yield _lead(random, context.now, number, day, random.choice(firms), names.person())


def _firms(random: Random) -> tuple[_Firm, ...]:
    names = Names(random)
    weights = [branch.weight for branch in BRANCHES]
    crowd = [city.weight for city in CITIES]
    return tuple(
        _Firm(
            names.stem(),
            names.form(),
            random.choices(BRANCHES, weights)[0],
            random.choices(CITIES, crowd)[0],
        )
        for _ in range(_FIRMS)
    )


def _lead(
    random: Random, now: datetime, number: int, day: datetime, firm: _Firm, name: str
) -> Prospect:
    age = (now - day).days
    status = _status(random, age)
    fitting = [one for one in products() if one.category in firm.branch.categories]
    touched = status in {"contacted", "qualified", "invalid"}
    waiting = status in {"assigned", "contacted", "qualified"}
    return Prospect(
        number=number,
        name=name,
        company=firm.name if random.random() < 0.88 else "",
        title=random.choice(_TITLES),
        phone=mobile("199", number),
        email=f"{latin(name)}{number}@{firm.domain}" if random.random() < 0.6 else "",
        city=firm.city,
        branch=firm.branch,
        product=random.choice(fitting),
        quantity=random.choices((1, 2, 4, 6, 10), (40, 28, 16, 10, 6))[0],
        source=_source(random, now, day),
        level=random.choices("abc", (18, 44, 38))[0],
        status=status,
        invalid_reason=random.choices(list(_INVALID), list(_INVALID.values()))[0]
        if status == "invalid"
        else "",
        seller=None if status == "new" else busy(random, sellers(firm.city.department)),
        created_at=day,
        touched_at=min(now, day + timedelta(hours=random.uniform(1, 96))) if touched else None,
        next_day=now + timedelta(days=random.randint(-6, 14)) if waiting else None,
    )


def _status(random: Random, age: int) -> str:
    weights = next(table for limit, table in _STATUS.items() if age < limit)
    return random.choices(list(weights), list(weights.values()))[0]


def _source(random: Random, now: datetime, day: datetime) -> str:
    """During a fair most leads come from it, else hardly any."""
    if at_fair(now, day):
        return "expo" if random.random() < 0.8 else "web"
    rest = {name: weight for name, weight in SOURCES.items() if name != "expo"} | {"expo": 3}
    return random.choices(list(rest), list(rest.values()))[0]
