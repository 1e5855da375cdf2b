"""Days gathered into weeks, months, quarters and years, each one whole number on either side.

The databases number the bucket of a day; its first day, name and condition are made of the number.
Fiscal years begin with a month of the site, billing months with a day of it; both are shifts of
the months that everybody counts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.dates import numbered
from loopline.query.document import Counting, Grain
from loopline.settings import Reporting
from loopline.store.expressions.elements import DatePart, DayNumber
from loopline.store.expressions.functions import divided
from loopline.store.types import BIG

_ONE: Final = sa.literal(1, BIG)
_NONE: Final = sa.literal(0, BIG)
MONTHS: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


@dataclass(frozen=True, kw_only=True, slots=True)
class Buckets:
    """How days become buckets of one grain.

    ``ahead`` is how many months, for weeks how many days, the count begins before the usual one;
    months begin on ``day``, and are called by the month in which they end.
    """

    grain: Grain
    ahead: int = 0
    day: int = 1
    fiscal: bool = False

    @property
    def months(self) -> int:
        """How many months a bucket has, 0 for days and weeks."""
        return MONTHS.get(self.grain, 0)

    def column(self, day: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
        """Answer the number of the bucket in which a day falls, given a column of dates."""
        match self.grain:
            case Grain.DAY:
                return DayNumber(day)
            case Grain.WEEK:
                return divided(DayNumber(day) + sa.literal(self.ahead, BIG), 7)
            case _:
                month = _part(day, "month") + sa.literal(self.ahead - 1, BIG)
                if self.day > 1:
                    month = month + sa.case((_part(day, "day") >= self.day, _ONE), else_=_NONE)
                counted = _part(day, "year") * sa.literal(12, BIG) + month
                return divided(counted, self.months)

    def of(self, day: date) -> int:
        """Answer the number of the bucket in which a day falls."""
        match self.grain:
            case Grain.DAY:
                return day.toordinal() - 1
            case Grain.WEEK:  # 0001-01-01, the day with number 0, was a Monday
                return (day.toordinal() - 1 + self.ahead) // 7
            case _:
                later = self.day > 1 and day.day >= self.day
                return (day.year * 12 + day.month - 1 + self.ahead + later) // self.months

    def first(self, number: int) -> date | None:
        """Answer the first day of a bucket; None for one beyond the calendar."""
        match self.grain:
            case Grain.DAY:
                return numbered(number)
            case Grain.WEEK:
                return numbered(max(0, number * 7 - self.ahead))
            case _:
                counted = number * self.months - self.ahead - (self.day > 1)
                year, month = divmod(counted, 12)
                if year < date.min.year:
                    return date.min
                return date(year, month + 1, self.day) if year <= date.max.year else None

    def name(self, number: int) -> str:
        """Answer how a bucket is called.

        2026-01-31, 2026-W05 (ISO 8601; the first day where weeks begin otherwise), 2026-01, 2026Q1,
        2026; of fiscal years, which are called by the year in which they end, FY26Q1 and FY26.
        """
        first = self.first(number) or date.max
        match self.grain:
            case Grain.DAY:
                return first.isoformat()
            case Grain.WEEK if self.ahead:
                return first.isoformat()
            case Grain.WEEK:
                year, week, _ = first.isocalendar()
                return f"{year:04}-W{week:02}"
            case Grain.MONTH:
                year, month = divmod(number - self.ahead, 12)
                return f"{year:04}-{month + 1:02}"
            case Grain.QUARTER:
                year, part = divmod(number, 4)
                return f"{self._year(year)}Q{part + 1}"
            case Grain.YEAR:
                return self._year(number)

    def _year(self, year: int) -> str:
        return f"FY{year % 100:02}" if self.fiscal else f"{year:04}"

    def condition(self, field: str, number: int) -> str:
        """Answer the expression that holds where a field falls in a bucket."""
        first, following = self.first(number) or date.max, self.first(number + 1)
        begun = f'{field} >= "{first.isoformat()}"'
        if following is None:  # the calendar ends with the bucket
            return begun
        return f'{begun} && {field} < "{following.isoformat()}"'


def buckets(grain: Grain, counting: Counting | None, rules: Reporting) -> Buckets:
    """Answer how a site gathers days, by its fiscal or billing calendar or as everybody does."""
    if grain is Grain.WEEK:
        return Buckets(grain=grain, ahead=(8 - rules.week_start) % 7)
    if grain not in MONTHS:
        return Buckets(grain=grain)
    match counting:
        case Counting.FISCAL:
            ahead = (13 - rules.fiscal_year_start_month) % 12
            return Buckets(grain=grain, ahead=ahead, fiscal=True)
        case Counting.BILLING:
            return Buckets(grain=grain, day=rules.billing_day)
        case _:
            return Buckets(grain=grain)


def _part(day: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[int]:
    return DatePart(day, sa.literal_column(name))
