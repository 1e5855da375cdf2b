"""Arithmetic of days, months and times of day; what leaves the calendar is blank."""

import calendar
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

LAST_DAY: Final = date.max.toordinal() - 1
"""The last day of the calendar, counted from 0 for 0001-01-01, a Monday."""
START: Final = datetime(1, 1, 1, tzinfo=UTC)
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 2070
_STEP: Final = timedelta(days=5)


def days_between(one: date, other: date) -> Decimal:
    """Answer how many days lie between two dates."""
    return Decimal(other.toordinal() - one.toordinal())


def seconds(moment: datetime) -> int:
    """Answer the full seconds since the year 1 began, in UTC."""
    return (moment - START) // timedelta(seconds=1)


def hours_between(one: datetime, other: datetime) -> Decimal:
    """Answer the full hours between two moments; seconds that have begun do not count."""
    passed = seconds(other) - seconds(one)
    return Decimal(abs(passed) // 3600 * (1 if passed >= 0 else -1))


def add_days(day: date, days: Decimal) -> date | None:
    """Answer the date ``days`` later; None beyond the calendar."""
    return numbered(day.toordinal() - 1 + int(days))


def numbered(number: int) -> date | None:
    """Answer the day with a number, counted from 0; None beyond the calendar."""
    return date.fromordinal(number + 1) if 0 <= number <= LAST_DAY else None


def add_months(day: date, months: Decimal) -> date | None:
    """Answer the same day ``months`` later, or that month's last; None beyond the calendar."""
    year, month = divmod(day.year * 12 + day.month - 1 + int(months), 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year(day: date) -> Decimal:
    """Answer the year."""
    return Decimal(day.year)


def month(day: date) -> Decimal:
    """Answer the month, from 1."""
    return Decimal(day.month)


def day(of: date) -> Decimal:
    """Answer the day of the month, from 1."""
    return Decimal(of.day)


def weekday(of: date) -> Decimal:
    """Answer the day of the week, 1 for Monday (ISO 8601)."""
    return Decimal(of.isoweekday())


@cache
def offsets(zone: str) -> tuple[tuple[datetime, ...], tuple[int, ...]]:
    """Answer when a zone's distance from UTC changed, and the seconds before, between and after.

    Changes from 1970 to 2069 count, as databases have to be told each of them.
    """
    at = datetime(_FIRST_YEAR, 1, 1, tzinfo=UTC)
    offset = _offset_in(zone)
    changes: list[datetime] = []
    known = [offset(at)]
    while at.year < _LAST_YEAR:
        after = at + _STEP
        if offset(after) != known[-1]:
            changes.append(_change(offset, at, after))
            known.append(offset(after))
        at = after
    return tuple(changes), tuple(known)


def _offset_in(zone: str) -> Callable[[datetime], int]:
    info = ZoneInfo(zone)

    def offset(at: datetime) -> int:
        found = at.astimezone(info).utcoffset() or timedelta()
        return int(found.total_seconds())

    return offset


def _change(offset: Callable[[datetime], int], before: datetime, after: datetime) -> datetime:
    """Answer the second at which the offset changed between two moments."""
    old = offset(before)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        before, after = (middle, after) if offset(middle) == old else (before, middle)
    return after


def local_day(moment: datetime, zone: str) -> date | None:
    """Answer the day on which a moment falls in a zone; None beyond the calendar."""
    changes, known = offsets(zone)
    return numbered((seconds(moment) + known[bisect_right(changes, moment)]) // 86_400)
