"""SQL that the two databases spell differently; each takes and answers the same on both."""

from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from loopline.expr.dates import LAST_DAY
from loopline.store.types import BIG, TEXT

DOUBLE: Final[sa.Double[float]] = sa.Double()
_LIMIT: Final = str(10**18)
_ZERO_JD: Final = "1721425.5"  # the julian day on which 0001-01-01 began
_ZERO_SECONDS: Final = "62135596800"  # from then to 1970
_PAST: Final = str(LAST_DAY + 1)


class Position(FunctionElement[int]):
    """Where a text holds a part, from 1, or 0. LIKE would give meaning to % and _."""

    type = sa.Integer()
    inherit_cache = True


class AsciiLower(FunctionElement[str]):
    """A text with A–Z in lower case, whatever the database's locale."""

    type = TEXT
    inherit_cache = True


class Ending(FunctionElement[str]):
    """The last so many characters of a text."""

    type = TEXT
    inherit_cache = True


class Plain(FunctionElement[str]):
    """A text made of others, in code-point order."""

    type = TEXT
    inherit_cache = True


class Guarded(FunctionElement[int]):
    """A whole number, NULL with more than 18 digits; the number is written once."""

    type = BIG
    inherit_cache = True


class Wide(FunctionElement[int]):
    """A whole number whose sums and products do not fail when they outgrow 64 bits.

    SQLite goes over to doubles by itself, which are then certainly out of bounds.
    """

    type = BIG
    inherit_cache = True


class Clamped(FunctionElement[float]):
    """A double, at most 10^18 away from 0."""

    type = DOUBLE
    inherit_cache = True


class Truncated(FunctionElement[int]):
    """A clamped double without its decimals."""

    type = BIG
    inherit_cache = True


class Least(FunctionElement[Any]):
    """The smallest of several values of one type, NULL if any is."""

    inherit_cache = True


class Greatest(FunctionElement[Any]):
    """The greatest of several values of one type, NULL if any is."""

    inherit_cache = True


class DayNumber(FunctionElement[int]):
    """A date as a number, 0 for 0001-01-01."""

    type = BIG
    inherit_cache = True


class NumberedDay(FunctionElement[Any]):
    """The date that has a number, NULL beyond the calendar."""

    type = sa.Date()
    inherit_cache = True


class Seconds(FunctionElement[int]):
    """The full seconds of a date-time since the year 1 began."""

    type = BIG
    inherit_cache = True


class DatePart(FunctionElement[int]):
    """The year, month or day of a date: a date and the part's name as a literal column."""

    type = BIG
    inherit_cache = True


class AddedMonths(FunctionElement[Any]):
    """A date so many months later or that month's last day, NULL beyond the calendar."""

    type = sa.Date()
    inherit_cache = True


class InIds(FunctionElement[bool]):
    """Whether an id is in a set bound as one value."""

    type = sa.Boolean()
    inherit_cache = True


class Ids(sa.TypeDecorator[Collection[int]]):
    """A set of ids as one text: JSON for SQLite, an array for PostgreSQL."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> str:
        """Bind in ascending order, so that equal sets are equal texts."""
        ids = sorted(value or ())
        if dialect.name == "sqlite":
            return orjson.dumps(ids).decode()
        return "{" + ",".join(map(str, ids)) + "}"


Parts = Sequence[str]
Spelling = Callable[[Parts], str]


def _spelt(element: type[FunctionElement[Any]], sqlite: Spelling, postgresql: Spelling) -> None:
    """Say how an element is written on each database, given its arguments in parentheses."""

    def spell(spelling: Spelling) -> Callable[..., str]:
        def compiled(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> str:
            return spelling([compiler.process(each, **options) for each in element.clauses])

        return compiled

    compiles(element, "sqlite")(spell(sqlite))
    compiles(element, "postgresql")(spell(postgresql))


def _within(text: str, low: str, high: str, names: tuple[str, str]) -> str:
    """Answer SQL that is NULL at and beyond two numbers; ``text`` appears once.

    PostgreSQL's least passes over NULL and answers the bound, which becomes NULL as well.
    """
    least, greatest = names
    return f"nullif(nullif({greatest}({least}({text}, {high}), {low}), {high}), {low})"


_SQLITE: Final = ("min", "max")
_POSTGRESQL: Final = ("least", "greatest")


def _added_months_sqlite(parts: Parts) -> str:
    day, months = parts
    moved = f"min(max({months}, -200000), 200000)"
    first = f"date({day}, 'start of month', {moved} || ' months')"
    first = f"nullif(max({first}, '0000-99'), '0000-99')"
    last = f"coalesce(date({first}, '+1 month', '-1 day'), '9999-12-31')"
    return f"min(date({first}, (strftime('%d', {day}) - 1) || ' days'), {last})"


def _added_months_postgresql(parts: Parts) -> str:
    day, months = parts
    start = f"CAST(extract(year from {day}) * 12 + extract(month from {day}) - 1 AS BIGINT)"
    aim = _within(f"{start} + {months}", "11", "120000", _POSTGRESQL)
    moved = f"CAST({aim} - {start} AS INTEGER)"
    return f"CAST({day} + make_interval(months => {moved}) AS DATE)"


def _declare() -> None:
    _spelt(Position, lambda p: f"instr({p[0]}, {p[1]})", lambda p: f"strpos({p[0]}, {p[1]})")
    _spelt(AsciiLower, lambda p: f"lower({p[0]})", lambda p: f'lower(({p[0]}) COLLATE "C")')
    _spelt(Ending, lambda p: f"substr({p[0]}, -{p[1]})", lambda p: f"right({p[0]}, {p[1]})")
    _spelt(Plain, lambda p: f"{p[0]}", lambda p: f'(({p[0]}) COLLATE "C")')
    _spelt(
        Guarded,
        lambda p: _within(p[0], f"-{_LIMIT}", _LIMIT, _SQLITE),
        lambda p: f"CAST({_within(p[0], f'-{_LIMIT}', _LIMIT, _POSTGRESQL)} AS BIGINT)",
    )
    _spelt(Wide, lambda p: f"({p[0]})", lambda p: f"CAST({p[0]} AS NUMERIC)")
    _spelt(
        Clamped,
        lambda p: f"max(min({p[0]}, 1e18), -1e18)",
        lambda p: f"greatest(least({p[0]}, CAST(1e18 AS FLOAT8)), CAST(-1e18 AS FLOAT8))",
    )
    _spelt(
        Truncated,
        lambda p: f"CAST({p[0]} AS INTEGER)",
        lambda p: f"CAST(trunc({p[0]}) AS BIGINT)",
    )
    for element, name in ((Least, 0), (Greatest, 1)):
        _spelt(element, _sqlite_extreme(name), _postgresql_extreme(name))
    _declare_dates()
    _spelt(
        InIds,
        lambda p: f"({p[0]} IN (SELECT value FROM json_each({p[1]})))",  # noqa: S608 places only
        lambda p: f"({p[0]} = ANY (CAST({p[1]} AS BIGINT[])))",
    )


def _sqlite_extreme(name: int) -> Spelling:
    return lambda p: f"{_SQLITE[name]}({', '.join(p)})"


def _postgresql_extreme(name: int) -> Spelling:
    def spell(parts: Parts) -> str:
        inner = ", ".join(parts)
        return f"CASE WHEN num_nulls({inner}) = 0 THEN {_POSTGRESQL[name]}({inner}) END"

    return spell


def _declare_dates() -> None:
    _spelt(
        DayNumber,
        lambda p: f"CAST(julianday({p[0]}) - {_ZERO_JD} AS INTEGER)",
        lambda p: f"CAST(({p[0]}) - DATE '0001-01-01' AS BIGINT)",
    )
    _spelt(
        NumberedDay,
        lambda p: f"date({_within(p[0], '-1', _PAST, _SQLITE)} + {_ZERO_JD})",
        lambda p: (
            f"(DATE '0001-01-01' + CAST({_within(p[0], '-1', _PAST, _POSTGRESQL)} AS INTEGER))"
        ),
    )
    _spelt(
        Seconds,
        lambda p: f"(CAST(strftime('%s', substr({p[0]}, 1, 19)) AS INTEGER) + {_ZERO_SECONDS})",
        lambda p: f"(CAST(floor(extract(epoch from {p[0]})) AS BIGINT) + {_ZERO_SECONDS})",
    )
    letters = {"year": "%Y", "month": "%m", "day": "%d"}
    _spelt(
        DatePart,
        lambda p: f"CAST(strftime('{letters[p[1]]}', {p[0]}) AS INTEGER)",
        lambda p: f"CAST(extract({p[1]} from {p[0]}) AS BIGINT)",
    )
    _spelt(AddedMonths, _added_months_sqlite, _added_months_postgresql)


_declare()
