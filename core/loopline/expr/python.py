"""Checked expressions to Python closures: the judge of single records."""

import operator
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Final

from loopline.expr.evaluate import Operand, Values, compile_operand, compile_value
from loopline.expr.moment import Moment
from loopline.expr.passing import member_of
from loopline.expr.tree import (
    TESTS,
    And,
    Comparison,
    Constant,
    Contains,
    EndsWith,
    HasCode,
    InSet,
    IsBlank,
    IsTrue,
    Node,
    Not,
    OnDay,
    OneOf,
    Op,
    Or,
    StartsWith,
)

__all__ = [
    "Moment",
    "Operand",
    "Predicate",
    "Values",
    "compile_formula",
    "compile_operand",
    "compile_predicate",
]

Predicate = Callable[[Values, Moment], bool]

_ORDER: Final[dict[Op, Callable[..., bool]]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def compile_formula(node: Node) -> Operand:
    """Answer what gives the value of a checked formula as people see it: texts as written.

    Raises TypeError for a node that has not been checked.
    """
    if isinstance(node, TESTS):
        return compile_predicate(node)
    return compile_value(node, compile_predicate, raw=True)


def _value(node: Node) -> Operand:
    return compile_value(node, compile_predicate)


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
        case Constant(constant):
            return lambda values, moment: constant
        case Comparison(op, left, right):
            return _comparison(op, _value(left), _value(right))
        case OnDay(op, left, day):
            return _on_day(op, _value(left), _value(day))
        case OneOf(value, choices):
            return _one_of(_value(value), tuple(map(_value, choices)))
        case _:
            return _value_test(node)


def _value_test(node: Node) -> Predicate:
    match node:
        case IsTrue(of):
            value = _value(of)
            return lambda values, moment: value(values, moment) is True
        case IsBlank(of):
            value = _value(of)
            return lambda values, moment: value(values, moment) is None
        case Contains(of, part):
            return _on_text(_value(of), lambda text: part in text)
        case StartsWith(of, part):
            return _on_text(_value(of), lambda text: text.startswith(part))
        case EndsWith(of, part):
            return _on_text(_value(of), lambda text: text.endswith(part))
        case InSet(relation, of, whose, to):
            return _in_set(_value(of), relation, whose, to)
        case HasCode(field, code):
            return _has_code(_value(field), code)
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
    op: Op, left: Operand, day: Operand
) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        value, on = left(values, moment), day(values, moment)
        if not isinstance(value, datetime) or not isinstance(on, date):
            return not op.ordering and (value == on) is (op is Op.EQ)
        start, end = moment.span(on)
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


def _on_text(value: Operand, test: Callable[[str], bool]) -> Predicate:
    def holds(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return isinstance(found, str) and test(found)

    return holds


def _in_set(value: Operand, relation: str, whose: Node, to: str) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return found in moment.members(relation, to, member_of(whose, moment))

    return test


def _has_code(value: Operand, code: str) -> Predicate:
    def test(values: Values, moment: Moment) -> bool:
        found = value(values, moment)
        return isinstance(found, Collection) and code in found

    return test
