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


class Counting(StrEnum):
    """Whose months, quarters and years: the site's fiscal ones, or its billing months."""

    FISCAL = "fiscal"
    BILLING = "billing"


class RegionLevel(StrEnum):
    """How far down regions are told apart; their codes have two digits for each level."""

    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"

    @property
    def digits(self) -> int:
        """How many digits of a code tell regions of this level apart."""
        return 2 * (list(RegionLevel).index(self) + 1)


class Order(StrEnum):
    """How the groups of a dimension stand: as options do, by what they are called, by value."""

    OPTION = "option"
    LABEL = "label"
    VALUE = "value"


class Fill(StrEnum):
    """What periods without records show: zeros where counts and sums have one, or nothing."""

    ZERO = "zero"
    BLANK = "blank"


class How(StrEnum):
    """How values of many records become one."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"


class Show(StrEnum):
    """What a measure shows of another one.

    Compared with an earlier period: what it was, how much more it is now, and that as a part of
    what it was. Else the part of it in the total, its row, its column, the level above its row; or
    what has come together so far.
    """

    VALUE = "value"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    PERCENT_OF_TOTAL = "percent_of_total"
    PERCENT_OF_ROW = "percent_of_row"
    PERCENT_OF_COLUMN = "percent_of_column"
    PERCENT_OF_PARENT_ROW = "percent_of_parent_row"
    RUNNING = "running"


class Compare(StrEnum):
    """With what a period is compared."""

    PREVIOUS_PERIOD = "previous_period"
    PREVIOUS_YEAR = "previous_year"


class Until(StrEnum):
    """Where the earlier period ends when this one is under way: the same day, or its own end."""

    TODAY = "today"
    END = "end"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """Records that point to those of the query by the link ``via``, any number to each.

    Or, with ``history``, the stages that the records of the query have entered: of the pipeline or
    the choice that it names. Or, with ``by``, records that meet those of the query in groups: it
    says by which field for each dimension.
    """

    id: str
    entity: str = ""
    via: str = ""
    history: str = ""
    by: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dimension:
    """What the answer is grouped by: a field, or the ``value`` of an expression.

    ``grain`` gathers dates (a day where none is given) by the ``counting`` of the site, ``bounds``
    gather numbers: each band holds its lower bound, not its upper one; ``quantiles`` asks for so
    many bands with as many records each; ``level`` gathers regions.
    ``fill`` adds the periods without records, ``show_empty`` the options without.
    """

    id: str
    path: Path = ()
    value: str = ""
    grain: Grain | None = None
    counting: Counting | None = None
    bounds: tuple[Decimal, ...] = ()
    quantiles: int = 0
    level: RegionLevel | None = None
    fill: Fill | None = None
    show_empty: bool = False
    order: Order | None = None
    blank_label: Label = _UNNAMED
    below_label: Label = _UNNAMED
    label: Label = _UNNAMED

    @property
    def name(self) -> str:
        """How expressions name what is grouped by."""
        return ".".join(self.path) or f"({self.value})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversion:
    """Into which currency amounts are converted, blank for the site's, and by the rate of when.

    ``at`` is the field with the day, empty for today; ``today`` says that today's rate does where
    that field is blank.
    """

    to: str = ""
    at: Path = ()
    today: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Aggregate:
    """A measure over records, or those of a ``fact``, for which the expression ``where`` holds.

    It looks at a field or at the ``value`` of an expression; without either records are counted.
    ``currency`` says how amounts are converted.
    """

    id: str
    how: How
    path: Path = ()
    value: str = ""
    fact: str = ""
    where: str = ""
    currency: Conversion | None = None
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
class Derived:
    """A measure made of another one's values: a part of a total, a running total, a comparison.

    ``period`` names the parameter that is compared (the only one of the query if blank), ``along``
    the dimension along which values come together (days before others if blank).
    """

    id: str
    of: str
    show: Show = Show.PERCENT_OF_TOTAL
    compare: Compare | None = None
    period: str = ""
    until: Until = Until.TODAY
    along: str = ""
    label: Label = _UNNAMED
    format: str = ""


Measure = Aggregate | Formula | Derived


@dataclass(frozen=True, kw_only=True, slots=True)
class Top:
    """The first groups of a dimension by a measure over all records; ``others`` are one group."""

    n: int
    by: str
    ascending: bool = False
    others: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SemanticQuery:
    """What is asked.

    ``where`` is an expression over records, ``having`` one over measures. ``sort`` names dimensions
    and measures, ``-`` before a name sorts downwards. ``limit`` keeps the first rows. ``columns``
    are the dimensions that stand across, ``top`` those of which few groups are shown. ``totals``
    are sets of dimensions for which there are totals too, the empty one being the grand total;
    they take in all records, whatever ``having``, ``top`` and ``limit`` leave of the rows.
    ``params`` are what expressions name ``param.…``: a scalar, None, a tuple of scalars or a
    Period. ``q`` searches, ``deleted`` asks about the recycle bin instead of the living.
    """

    entity: str
    dimensions: tuple[Dimension, ...] = ()
    measures: tuple[Measure, ...] = ()
    facts: Mapping[str, Fact] = field(default_factory=dict)
    where: str = ""
    having: str = ""
    sort: tuple[str, ...] = ()
    limit: int | None = None
    columns: tuple[str, ...] = ()
    top: Mapping[str, Top] = field(default_factory=dict)
    totals: tuple[tuple[str, ...], ...] = ((),)
    params: Mapping[str, object] = field(default_factory=dict)
    q: str = ""
    deleted: bool = False
