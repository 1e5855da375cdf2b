"""The customers of the demo and the people who work there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment.company import sellers
from loopline_metadata.packs.equipment.names import Names, latin, mobile
from loopline_metadata.packs.equipment.places import BRANCHES, CITIES
from loopline_metadata.packs.equipment.season import moments
from loopline_metadata.packs.equipment.stream import many, stream

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from random import Random

    from loopline.sdk import SeedContext
    from loopline_metadata.packs.equipment.company import Employee
    from loopline_metadata.packs.equipment.places import Branch, City

CUSTOMERS: Final = 160
CONTACTS: Final = 340
SOURCES: Final = {
    "expo": 24,
    "web": 20,
    "referral": 17,
    "phone": 12,
    "agent": 11,
    "ads": 7,
    "content": 5,
    "wechat": 4,
}
# Title, division, role in the decision; the first is the usual person to talk to.
_POSTS: Final = (
    ("设备工程师", "设备部", "influences"),
    ("采购总监", "采购部", "decides"),
    ("总工程师", "技术部", "decides"),
    ("车间主任", "生产部", "uses"),
    ("采购主管", "采购部", "influences"),
    ("财务经理", "财务部", "pays"),
    ("维修班长", "设备部", "uses"),
)
_BUSY: Final = {"林知夏": 3, "白若川": 2}
"""Sellers who have more customers and leads than others, by how much."""
_OPENING_STOCK: Final = 60
"""How many customers were there on the first day, taken over from spreadsheets."""


@dataclass(frozen=True, slots=True)
class Company:
    """A customer before anything is known of deals."""

    number: int
    stem: str
    name: str
    branch: Branch
    city: City
    street: str
    seller: Employee
    level: str
    source: str
    size: int
    created_at: datetime

    @property
    def key(self) -> str:
        """The id in the imagined system the customer came from."""
        return f"demo-customer-{self.number:04d}"

    @property
    def short_name(self) -> str:
        """The name without its legal form."""
        return self.stem + self.branch.word

    @property
    def domain(self) -> str:
        """The host name of its website and mail."""
        return f"{latin(self.short_name)}.example"


@dataclass(frozen=True, slots=True)
class Person:
    """Someone at a customer."""

    number: int
    name: str
    company: Company
    title: str
    division: str
    role: str

    @property
    def phone(self) -> str:
        """A mobile number of the contacts' own series."""
        return mobile("188", self.number)

    @property
    def email(self) -> str:
        """An address at the customer's domain, unique by its number."""
        return f"{latin(self.name)}{self.number}@{self.company.domain}"


def companies(context: SeedContext) -> tuple[Company, ...]:
    """Answer the customers, oldest first."""
    random = stream(context, "customers")
    names = Names(random)
    stock = many(context, _OPENING_STOCK)
    later = moments(random, context.now, many(context, CUSTOMERS) - stock)
    first_day = moments(random, context.now, _OPENING_STOCK * 8)[0]
    days = sorted([first_day] * stock + [max(one, first_day) for one in later])
    return tuple(_company(random, names, number, day) for number, day in enumerate(days, start=1))


def people(context: SeedContext, customers: Sequence[Company]) -> tuple[Person, ...]:
    """Answer the contacts: one for everybody, more for the larger ones."""
    random = stream(context, "contacts")
    names = Names(random)
    sizes = [company.size for company in customers]
    more = max(0, many(context, CONTACTS) - len(customers))
    employers = [*customers, *random.choices(customers, sizes, k=more)]
    employers.sort(key=lambda company: company.number)
    return tuple(_staff(random, names, employers))


def busy(random: Random, some: Sequence[Employee]) -> Employee:
    """Answer one of some sellers; the one whom demos show has more to do than the others."""
    return random.choices(some, [_BUSY.get(one.name, 1) for one in some])[0]


def _company(random: Random, names: Names, number: int, created_at: datetime) -> Company:
    branch = random.choices(BRANCHES, [one.weight for one in BRANCHES])[0]
    city = random.choices(CITIES, [one.weight for one in CITIES])[0]
    stem = names.stem()
    level = random.choices("abcd", (8, 22, 50, 20))[0]
    scale = {"a": 1600, "b": 620, "c": 210, "d": 60}[level]
    return Company(
        number=number,
        stem=stem,
        name=f"{stem}{branch.word}{names.form()}",
        branch=branch,
        city=city,
        street=names.street(),
        seller=busy(random, sellers(city.department)),
        level=level,
        source=random.choices(list(SOURCES), list(SOURCES.values()))[0],
        size=max(8, round(random.lognormvariate(0, 0.5) * scale)),
        created_at=created_at,
    )


def _staff(random: Random, names: Names, employers: Sequence[Company]) -> Iterator[Person]:
    post, before = 0, 0
    for number, company in enumerate(employers):
        post = post + 1 if company.number == before else random.choice((0, 0, 1, 4))
        before = company.number
        title, division, role = _POSTS[post % len(_POSTS)]
        yield Person(number, names.person(), company, title, division, role)
