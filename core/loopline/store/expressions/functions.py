"""The SQL of the kernel's functions; plugins bring theirs with them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.functions import Function
from loopline.expr.types import ValueType
from loopline.store.expressions.elements import (
    AddedMonths,
    DatePart,
    DayNumber,
    Greatest,
    Guarded,
    Least,
    NumberedDay,
    Seconds,
)
from loopline.store.expressions.sources import Column
from loopline.store.types import BIG


def applied(function: Function, given: list[Column], kind: ValueType, of: Any) -> Column:
    """Answer a function applied to columns; ``of`` is the database type of the result."""
    if function.sql is not None:
        made: Column = function.sql(*given)
        return Guarded(made) if kind.number and kind.exact else sa.type_coerce(made, of)
    if function.name in _EXTREMES:
        extreme = _EXTREMES[function.name](*given)
        extreme.type = of
        return Guarded(extreme) if kind.number and kind.exact else extreme
    return _BUILDERS[function.name](*given)


def divided(column: Column, by: int) -> Column:
    """Answer whole numbers divided, what is left over being dropped."""
    return column.op("/", precedence=8, return_type=BIG)(sa.literal(by, BIG))


def _weekday(day: Column) -> Column:
    rest = DayNumber(day).op("%", precedence=8, return_type=BIG)(sa.literal(7, BIG))
    return rest + sa.literal(1, BIG)


def _part(name: str) -> Callable[..., Column]:
    return lambda day: DatePart(day, sa.literal_column(name))


_EXTREMES: Final = {"min": Least, "max": Greatest}
_BUILDERS: Final[Mapping[str, Callable[..., Column]]] = {
    "abs": lambda number: sa.func.abs(number, type_=number.type),
    "length": lambda text: sa.func.length(text, type_=BIG),
    "days_between": lambda one, other: DayNumber(other) - DayNumber(one),
    "hours_between": lambda one, other: divided(Seconds(other) - Seconds(one), 3600),
    "add_days": lambda day, days: NumberedDay(DayNumber(day) + Guarded(days)),
    "add_months": lambda day, months: AddedMonths(day, Guarded(months)),
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "weekday": _weekday,
}
