"""A chronicle: what happened in a company, step by step, as the generator of a pack tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from loopline.hooks.declare import SeedContext

Values = Mapping[str, object]
FRESH: Final = timedelta(days=42)
"""How far back a chronicle is told by days, and by name; before that by weeks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChronicleContext(SeedContext):
    """What a chronicle may depend on: that of a seed, and the entities that the site has."""

    entities: frozenset[str]

    @property
    def fresh(self) -> datetime:
        """From when on it is told by days, by name and, where it can be, by actions."""
        return self.now - FRESH


@dataclass(frozen=True, slots=True)
class Named:
    """Stands in the values of a step for the record that an earlier one called ``name``.

    With ``field`` it stands for what that record holds by then, its owner for example.
    """

    name: str
    field: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A record was made. ``by`` is the e-mail of who did it, blank for the system."""

    at: datetime
    name: str
    entity: str
    values: Values
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A record that was there before is called ``name`` from then on: the one with that value."""

    at: datetime
    name: str
    entity: str
    field: str
    value: str
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A record was changed."""

    at: datetime
    name: str
    values: Values
    by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Acted:
    """Somebody did an action to a record.

    What it led to is called ``made`` from then on; where it makes several records, ``made`` has a
    name for each by what the action's result calls it.
    """

    at: datetime
    name: str
    action: str
    by: str
    settings: Values = field(default_factory=dict)
    made: str | Mapping[str, str] = ""


Step = Made | Found | Changed | Acted
