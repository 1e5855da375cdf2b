"""Checked expressions to Python closures: the judge of single records."""

import operator
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Final, cast

from loopline.expr.fold import ascii_lower, folded_key
from loopline.expr.moment import Moment, shifted
from loopline.expr.scope import Ref
from loopline.expr.tree import (
    And,
    Comparison,
    Constant,
    Contains,
    Field,
    HasCode,
    IsBlank,
    IsTrue,
    Literal,
    Me,
    Node,
    Not,
    Now,
    OnDay,
    OneOf,
    Op,
    Or,
    StartsWith,
    Today,
)
from loopline.expr.types import ExprType

__all__ = [
    "Moment",
    "Operand",
    "Predicate",
    "Values",
    "compile_operand",
    "compile_predicate",
    "day_of",
]

Values = Callable[[tuple[str, ...]], object]
"""The values of one record by path: str, Decimal or int, bool, date, aware datetime, int for a
link, a tuple or set of codes, None for blank."""

Predicate = Callable[[Values, Moment], bool]
Operand = Callable[[Values, Moment], object]

_ORDER: Final[dict[Op, Callable[..., bool]]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def compile_predicate(node: Node) -> Predicate:
    """Answer the test that a checked expression makes; ``!rule`` holds exactly where not ``rule``.

    Raises TypeError for a node that has not been checked.
    """
    match node:
        case And(parts):
            return _all(tuple(map(compile_predicate, parts)))
        case Or(parts):
            return _any(tuple(map(compile_predicate, parts)))
        case Not(part):
            inner = compile_predicate(part)
            return lambda values, moment: not inner(values, moment)
        case Constant(value):
            return lambda values, moment: value
        case Comparison(op, left, right):
            return _comparison(op, compile_operand(left), compile_operand(right))
        case OnDay(op, left, day):
            return _on_day(op, compile_operand(left), day_of(day))
        case OneOf(field, choices):
            return _one_of(compile_operand(field), tuple(map(compile_operand, choices)))
        case _:
            return _field_test(node)


def _field_test(node: Node) -> Predicate:
    match node:
        case IsTrue(field):
            value = compile_operand(field)
            return lambda values, moment: value(values, moment) is True
        case IsBlank(field):
            value = compile_operand(field)
            return lambda values, moment: value(values, moment) is None
        case Contains(field, part):
            return _contains(compile_operand(field), part)
        case StartsWith(field, part):
            return _starts_with(compile_operand(field), part)
        case HasCode(field, code):
            return _has_code(compile_operand(field), code)
        case _:
            raise TypeError(f"not a checked condition: {node!r}")


def _all(tests: tuple[Predicate, ...]) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        for each in tests:  # noqa: SIM110, a generator costs more than the tests themselves
            if not each(values, moment):
                return False
        return True

    return test


def _any(tests: tuple[Predicate, ...]) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        for each in tests:  # noqa: SIM110
            if each(values, moment):
                return True
        return False

    return test


def _comparison(op: Op, left: Operand, right: Operand) -> Predicate:
    if op is Op.EQ:
        return lambda values, moment: left(values, moment) == right(values, moment)
    if op is Op.NE:
        return lambda values, moment: left(values, moment) != right(values, moment)
    holds = _ORDER[op]

    def test(values: Values, moment: Moment) -> bool:
        one, other = left(values, moment), right(values, moment)
        return one is not None and other is not None and holds(one, other)

    return test


def _on_day(  # noqa: C901 one case for each operator
    op: Op, left: Operand, day: Callable[[Moment], date]
) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        value = left(values, moment)
        if not isinstance(value, datetime):
            return op is Op.NE
        start, end = moment.span(day(moment))
        match op:
            case Op.EQ:
                return start <= value < end
            case Op.NE:
                return not start <= value < end
            case Op.LT:
                return value < start
            case Op.LE:
                return value < end
            case Op.GT:
                return value >= end
            case Op.GE:
                return value >= start

    return test


def _one_of(value: Operand, choices: tuple[Operand, ...]) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return found is not None and any(found == each(values, moment) for each in choices)

    return test


def _contains(value: Operand, part: str) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return isinstance(found, str) and part in found

    return test


def _starts_with(value: Operand, part: str) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return isinstance(found, str) and found.startswith(part)

    return test


def _has_code(value: Operand, code: str) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return isinstance(found, Collection) and code in found

    return test


def day_of(node: Node) -> Callable[[Moment], date]:
    """Answer what gives the day of a checked ``Today`` or date literal."""
    match node:
        case Today(days):
            return lambda moment: shifted(moment.today(), days)
        case Literal(value) if isinstance(value, date):
            return lambda moment: value
        case _:
            raise TypeError(f"not a day: {node!r}")


def compile_operand(node: Node) -> Operand:
    """Answer what gives the value of a checked operand: None when blank, short texts folded."""
    match node:
        case Field(ref):
            return _field(ref)
        case Literal(value):
            return lambda values, moment: value
        case Me():
            return lambda values, moment: moment.user()
        case Now():
            return lambda values, moment: moment.now
        case Today():
            day = day_of(node)
            return lambda values, moment: day(moment)
        case _:
            raise TypeError(f"not a checked value: {node!r}")


def _field(ref: Ref) -> Operand:
    path = ref.path
    match ref.type:
        case ExprType.TEXT:
            return lambda values, moment: folded_key(cast("str | None", values(path)))
        case ExprType.LONG_TEXT:
            return lambda values, moment: (
                ascii_lower(cast("str | None", values(path)) or "") or None
            )
        case ExprType.CODE | ExprType.SET | ExprType.OPAQUE:
            return lambda values, moment: values(path) or None  # empty is blank
        case _:
            return lambda values, moment: values(path)
