"""What the year of the company is told from: its customers, their people, leads and deals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from loopline_metadata.packs.equipment import company, demo
from loopline_metadata.packs.equipment.customers import companies, people
from loopline_metadata.packs.equipment.deals import deals
from loopline_metadata.packs.equipment.prospects import prospects
from loopline_metadata.packs.equipment.stream import stream

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from random import Random

    from loopline.sdk import ChronicleContext
    from loopline_metadata.packs.equipment.company import Employee
    from loopline_metadata.packs.equipment.customers import Company, Person
    from loopline_metadata.packs.equipment.deals import Deal
    from loopline_metadata.packs.equipment.prospects import Prospect

Row = dict[str, object]


@dataclass(frozen=True)
class World:
    """The company as it is on the last day of its chronicle, from which the days are told."""

    context: ChronicleContext

    @property
    def end(self) -> datetime:
        """Nothing is told of that moment or later."""
        return self.context.now

    def random(self, subject: str) -> Random:
        """Answer the random stream of a subject."""
        return stream(self.context, f"chronicle-{subject}")

    @cached_property
    def customers(self) -> tuple[Company, ...]:
        """The customers, oldest first."""
        return companies(self.context)

    @cached_property
    def contacts(self) -> Mapping[Company, list[Person]]:
        """The people at each customer."""
        found: dict[Company, list[Person]] = {one: [] for one in self.customers}
        for person in people(self.context, self.customers):
            found[person.company].append(person)
        return found

    @cached_property
    def deals(self) -> tuple[Deal, ...]:
        """The opportunities, oldest first."""
        return deals(self.context, self.customers)

    @cached_property
    def prospects(self) -> tuple[Prospect, ...]:
        """The leads."""
        everybody = [one for some in self.contacts.values() for one in some]
        return prospects(self.context, everybody, self.deals)

    @cached_property
    def lead_rows(self) -> Mapping[str, Row]:
        """What stands in each lead today, by its key."""
        return {str(row["external_id"]): dict(row) for row in demo.leads(self.context)}

    @cached_property
    def deal_rows(self) -> Mapping[str, Row]:
        """What stands in each opportunity today, by its key."""
        return {str(row["external_id"]): dict(row) for row in demo.opportunities(self.context)}


def by(field: str, value: str) -> dict[str, dict[str, str]]:
    """Answer a link by what identifies a record."""
    return {"by": {field: value}}


def user(one: Employee) -> dict[str, dict[str, str]]:
    """Answer a link to somebody of the company."""
    return by("email", one.email)


def customer(one: Company) -> dict[str, dict[str, str]]:
    """Answer a link to a customer."""
    return by("external_id", one.key)


def contact(one: Person) -> dict[str, dict[str, str]]:
    """Answer a link to somebody at a customer."""
    return by("external_id", f"demo-contact-{one.number:04d}")


def product(code: str) -> dict[str, dict[str, str]]:
    """Answer a link to a product."""
    return by("code", code)


def staff(department: str) -> tuple[Employee, ...]:
    """Answer who works in a department, its head first."""
    found = [one for one in company.employees() if one.department == department]
    return tuple(sorted(found, key=lambda one: not one.is_head))


def head(department: str) -> Employee:
    """Answer who leads a department."""
    return staff(department)[0]
