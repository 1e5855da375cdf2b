"""A semantic query: which records, by what, how much. Typed, and independent of any database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from loopline.language import Label

Path = tuple[str, ...]
"""A field by its name, or through links: ``("customer", "region")``."""
_UNNAMED = Label({})


class Grain(StrEnum):
    """Into what a date or date-time is gathered. Weeks begin on Monday (ISO 8601)."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class How(StrEnum):
    """How values of many records become one."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Records that point to those of the query by the link ``via``, any number to each."""

    id: str
    entity: str
    via: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension:
    """What the answer is grouped by.

    ``grain`` gathers dates (a day where none is given), ``bounds`` gather numbers: each band holds
    its lower bound, not its upper one.
    """

    id: str
    path: Path
    grain: Grain | None = None
    bounds: tuple[Decimal, ...] = ()
    label: Label = _UNNAMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregate:
    """A measure over records, or those of a ``fact``, for which the expression ``where`` holds.

    ``path`` is empty where records are counted.
    """

    id: str
    how: How
    path: Path = ()
    fact: str = ""
    where: str = ""
    label: Label = _UNNAMED
    format: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Formula:
    """A measure computed from other measures, in totals too."""

    id: str
    text: str
    label: Label = _UNNAMED
    format: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """A measure as a part of what it is over all records of the query."""

    id: str
    of: str
    label: Label = _UNNAMED
    format: str = ""


Measure = Aggregate | Formula | Share


@dataclass(frozen=True, kw_only=True, slots=True)
class SemanticQuery:
    """What is asked.

    ``where`` is an expression over records, ``having`` one over measures. ``sort`` names dimensions
    and measures, ``-`` before a name sorts downwards. ``limit`` keeps the first rows. ``totals``
    are sets of dimensions for which there are totals too, the empty one being the grand total;
    they take in all records, whatever ``having`` and ``limit`` leave of the rows. ``q`` searches,
    ``deleted`` asks about the recycle bin instead of the living.
    """

    entity: str
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    where: str = ""
    having: str = ""
    sort: tuple[str, ...] = ()
    limit: int | None = None
    totals: tuple[tuple[str, ...], ...] = ((),)
    q: str = ""
    deleted: bool = False
