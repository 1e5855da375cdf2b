"""Functions: what each wants, answers and does; plugins add theirs to those of the kernel."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from loopline.errors import NotValid, Problem
from loopline.expr import dates
from loopline.expr.types import ExprType, ValueType, exact
from loopline.language import Label

SqlBuilder = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Function:
    """A function with fixed types, blank wherever an argument is.

    ``parameters`` name the arguments with their types; a date-time is taken as its day where a
    date is wanted, a number may have fewer decimals than wanted. ``python`` gets the values (str,
    Decimal, bool, date, aware UTC datetime, int for a link) and answers one or None. ``sql`` gets
    one column expression an argument (exact numbers as integers × 10^scale) and answers one of
    the same meaning on both databases; the kernel's own stand in store/expressions.
    ``repeats`` says how often ``sql`` writes its longest argument, ``depth`` how deeply it nests.
    """

    name: str
    parameters: Mapping[str, ValueType]
    result: ValueType
    python: Callable[..., object] = field(compare=False)
    help: Label = field(default_factory=lambda: Label({}), compare=False)
    sql: SqlBuilder | None = field(default=None, compare=False)
    repeats: int = 1
    depth: int = 1

    @property
    def usage(self) -> str:
        """Answer how it is written."""
        return f"{self.name}({', '.join(self.parameters)})"


@dataclass(frozen=True, slots=True)
class Form:
    """A function whose types depend on its arguments, or that looks at more than values."""

    usage: str
    least: int
    most: int | None


_DATE: Final = ValueType(ExprType.DATE)
_FOLDED: Final = frozenset({ExprType.TEXT, ExprType.LONG_TEXT, ExprType.SET, ExprType.OPAQUE})
_TIME: Final = ValueType(ExprType.DATETIME)


def _form(usage: str, least: int, most: int | None) -> tuple[str, Form]:
    return usage.partition("(")[0], Form(usage, least, most)


FORMS: Final[Mapping[str, Form]] = dict(
    (
        _form("is_blank(value)", 1, 1),
        _form('contains(text, "part")', 2, 2),
        _form('starts_with(text, "part")', 2, 2),
        _form('ends_with(text, "part")', 2, 2),
        _form("in_reports(user, me)", 2, 2),
        _form("in_tree(department, me.department)", 2, 2),
        _form("in_members(link, me)", 2, 2),
        _form("in_range(day, from, to)", 3, 3),
        _form("if(condition, a, b)", 3, 3),
        _form("coalesce(a, b, …)", 2, None),
        _form("today()", 0, 0),
        _form("now()", 0, 0),
        _form("date(moment)", 1, 1),
        _form("round(number, decimals)", 1, 2),
        _form("floor(number)", 1, 1),
        _form("ceil(number)", 1, 1),
        _form("abs(number)", 1, 1),
        _form("min(a, b, …)", 2, 8),
        _form("max(a, b, …)", 2, 8),
        _form("length(text)", 1, 1),
        _form("lower(text)", 1, 1),
        _form("concat(a, b, …)", 2, 8),
    )
)
"""The functions that the checker itself understands."""


def _kernel() -> Iterable[Function]:
    whole, days = exact(0), {"a": _DATE, "b": _DATE}
    times = {"a": _TIME, "b": _TIME}
    yield Function("days_between", days, whole, dates.days_between, depth=5)
    yield Function("hours_between", times, whole, dates.hours_between, depth=6)
    moved = {"date": _DATE, "days": whole}
    yield Function("add_days", moved, _DATE, dates.add_days, depth=8)
    moved = {"date": _DATE, "months": whole}
    yield Function("add_months", moved, _DATE, dates.add_months, repeats=4, depth=9)
    parts = (dates.year, dates.month, dates.day, dates.weekday)
    for part in parts:
        yield Function(part.__name__, {"date": _DATE}, whole, part, depth=4)


KERNEL_FUNCTIONS: Final[Mapping[str, Function]] = {one.name: one for one in _kernel()}
"""The kernel's functions of fixed types; locale/ tells of each under ``function.help.<name>``."""


def with_functions(added: Iterable[Function]) -> Mapping[str, Function]:
    """Answer the kernel's functions and those of plugins.

    Raises NotValid naming each function whose name is taken, that has no SQL, or that answers a
    text which would have to be folded to be compared (a code need not).
    """
    found = dict(KERNEL_FUNCTIONS)
    problems = []
    for one in added:
        if one.name in found or one.name in FORMS:
            problems.append(Problem(one.name, "function.taken", {"name": one.name}))
        elif one.sql is None or one.result.kind in _FOLDED:
            problems.append(Problem(one.name, "function.unfit", {"name": one.name}))
        found[one.name] = one
    if problems:
        raise NotValid(*problems)
    return found
