"""Days gathered into weeks, months, quarters and years, each one whole number on either side.

The databases number the bucket of a day; its first day, name and condition are made of the number.
"""

from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.dates import numbered
from loopline.query.document import Grain
from loopline.store.expressions.elements import DatePart, DayNumber
from loopline.store.expressions.functions import divided
from loopline.store.types import BIG

_MONTHS: Final = {Grain.MONTH: 1, Grain.QUARTER: 3, Grain.YEAR: 12}


def bucket_column(day: sa.ColumnElement[Any], grain: Grain) -> sa.ColumnElement[int]:
    """Answer the number of the bucket in which a day falls, given a column of dates."""
    match grain:
        case Grain.DAY:
            return DayNumber(day)
        case Grain.WEEK:  # 0001-01-01, the day with number 0, was a Monday
            return divided(DayNumber(day), 7)
        case Grain.YEAR:
            return _part(day, "year")
        case _:
            months = _MONTHS[grain]
            within = divided(_part(day, "month") - sa.literal(1, BIG), months)
            return _part(day, "year") * sa.literal(12 // months, BIG) + within


def bucket_of(day: date, grain: Grain) -> int:
    """Answer the number of the bucket in which a day falls."""
    match grain:
        case Grain.DAY:
            return day.toordinal() - 1
        case Grain.WEEK:
            return (day.toordinal() - 1) // 7
        case _:
            months = _MONTHS[grain]
            return day.year * (12 // months) + (day.month - 1) // months


def first_day(number: int, grain: Grain) -> date | None:
    """Answer the first day of a bucket; None for one beyond the calendar."""
    match grain:
        case Grain.DAY:
            return numbered(number)
        case Grain.WEEK:
            return numbered(number * 7)
        case _:
            year, part = divmod(number, 12 // _MONTHS[grain])
            return date(year, part * _MONTHS[grain] + 1, 1) if year <= date.max.year else None


def bucket_name(number: int, grain: Grain) -> str:
    """Answer how a bucket is called: 2026-01-31, 2026-W05 (ISO 8601), 2026-01, 2026Q1, 2026."""
    first = first_day(number, grain) or date.max
    match grain:
        case Grain.DAY:
            return first.isoformat()
        case Grain.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year:04}-W{week:02}"
        case Grain.MONTH:
            return f"{first.year:04}-{first.month:02}"
        case Grain.QUARTER:
            return f"{first.year:04}Q{(first.month + 2) // 3}"
        case Grain.YEAR:
            return f"{first.year:04}"


def bucket_condition(field: str, number: int, grain: Grain) -> str:
    """Answer the expression that holds where a field falls in a bucket."""
    first, following = first_day(number, grain) or date.max, first_day(number + 1, grain)
    begun = f'{field} >= "{first.isoformat()}"'
    if following is None:  # the calendar ends with the bucket
        return begun
    return f'{begun} && {field} < "{following.isoformat()}"'


def _part(day: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[int]:
    return DatePart(day, sa.literal_column(name))
