"""An earlier period that a period is compared with, and its days for those of this one.

A year back is the same day of the same month, 28 February for the 29th; the last day of a month is
the last day of the month there, so that whole months meet whole months. A period before one of
whole months (from the 1st to the 1st, from the 26th to the 26th) has as many months, before any
other as many days. Weeks meet weeks, the nearest to that many months.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from loopline.expr.dates import add_months, numbered
from loopline.query.buckets import Buckets
from loopline.query.document import Compare, Grain, Until
from loopline.query.periods import Period

_ONE_DAY: Final = timedelta(days=1)
_DAYS_A_MONTH: Final = Decimal("365.2425") / 12


@dataclass(frozen=True, slots=True)
class Shift:
    """How far back the earlier period lies, in months or in days."""

    months: int = 0
    days: int = 0

    def back(self, day: date) -> date | None:
        """Answer the day that a day is compared with; None before the calendar."""
        if not self.months:
            return numbered(day.toordinal() - 1 - self.days)
        return add_months(day, Decimal(-self.months))

    def last_back(self, day: date) -> date | None:
        """Answer the last day of what ends with a day: the last of a month for that of a month."""
        following = numbered(day.toordinal())
        if not self.months or following is None or following.day != 1:
            return self.back(day)
        found = self.back(following)
        return None if found is None else numbered(found.toordinal() - 2)

    def buckets(self, within: Buckets) -> int | None:
        """Answer by how many buckets the earlier ones lie back; None where they do not meet."""
        if within.grain is Grain.WEEK:
            days = self.days or round(self.months * _DAYS_A_MONTH / 7) * 7
            return days // 7 if days % 7 == 0 else None
        if within.grain is Grain.DAY:
            return None if self.months else self.days
        even = self.months and self.months % within.months == 0
        return self.months // within.months if even else None

    def fits(self, within: Buckets) -> bool:
        """Whether the buckets of the earlier period meet those of this one."""
        return within.grain is Grain.DAY or self.buckets(within) is not None

    def earlier(self, within: Buckets, number: int) -> int | None:
        """Answer the bucket that a bucket is compared with."""
        steps = self.buckets(within)
        if steps is not None:
            return number - steps
        first = within.first(number)
        found = None if first is None else self.back(first)
        return None if found is None else within.of(found)

    def later(self, within: Buckets, number: int) -> int | None:
        """Answer the bucket that is compared with one of the earlier period."""
        steps = self.buckets(within)
        if steps is not None:
            return number + steps
        first = within.first(number)
        ahead = None if first is None else Shift(-self.months).back(first)
        found = None if ahead is None else within.of(ahead)
        return found if found is not None and self.earlier(within, found) == number else None


def shift_of(period: Period, compare: Compare) -> Shift | None:
    """Answer how far back a period is compared; None for one that is open on a side."""
    start, end = period.start, period.end
    if start is None or end is None:
        return None
    if compare is Compare.PREVIOUS_YEAR:
        return Shift(months=12)
    if start.day == end.day:
        return Shift(months=(end.year - start.year) * 12 + end.month - start.month)
    return Shift(days=(end - start).days)


def earlier_period(period: Period, shift: Shift, until: Until, today: date) -> Period | None:
    """Answer the earlier period, no further than the day of today where this one is under way.

    None where it begins before the calendar, or where this one has not begun.
    """
    start, last = period.start, period.last
    if start is None or last is None:
        return None
    if until is Until.TODAY:
        last = min(last, today)
    if last < start:
        return None
    first, end = shift.back(start), shift.last_back(last)
    return None if first is None or end is None else Period(first, end + _ONE_DAY)
