"""Comparisons in SQL: plain where an index can serve them, exact across decimals."""

import operator
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.tree import Op
from loopline.store.expressions.sources import Column, Condition

INTEGERS: Final = range(-(2**63), 2**63)
_ORDER: Final[dict[Op, Callable[[Any, Any], Any]]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


def truth(value: bool) -> Condition:
    """Answer what always or never holds."""
    return sa.true() if value else sa.false()


def or_blank(condition: Condition, *columns: Column) -> Condition:
    """Answer a condition that also holds where a column is blank."""
    return sa.or_(condition, *(column.is_(None) for column in columns))


def wide(value: object, column: Column) -> sa.BindParameter[Any]:
    """Bind a value: a column may be narrower than 64 bits, what it is compared with may not fit."""
    whole = isinstance(value, int) and not isinstance(value, bool)
    return sa.literal(value, sa.BigInteger() if whole else column.type)


def same(column: Column, value: Column, *, wanted: bool) -> Condition:
    """Compare with a value that is never blank: ``=`` stays plain, so an index serves it."""
    return column == value if wanted else column.is_distinct_from(value)


def with_value(op: Op, column: Column, value: Column) -> Condition:
    """Compare a column with a value that is never blank."""
    if op.ordering:
        found: Condition = _ORDER[op](column, value)
        return found
    return same(column, value, wanted=op is Op.EQ)


def between(op: Op, one: Column, other: Column) -> Condition:
    """Compare two columns of one type and scale, either of which may be blank."""
    if op.ordering:
        return with_value(op, one, other)
    return one.is_not_distinct_from(other) if op is Op.EQ else one.is_distinct_from(other)


# Numbers


def scaled(value: object, scale: int) -> tuple[int, bool]:
    """Answer a number times 10^scale, rounded down, and whether nothing was lost."""
    if not isinstance(value, Decimal):
        raise TypeError(f"not a number: {value!r}")
    exact = value.scaleb(scale)
    whole = int(exact.to_integral_value(ROUND_FLOOR))
    return whole, whole == exact


def with_number(op: Op, column: Column, scale: int, value: object) -> Condition:
    """Compare a column of exact numbers with a Decimal of any size and decimals."""
    whole, exact = scaled(value, scale)
    if not op.ordering:
        if exact and whole in INTEGERS:
            return with_value(op, column, wide(whole, column))
        return truth(op is Op.NE)
    if not exact:  # no stored number lies strictly between whole and the value
        op = {Op.LT: Op.LE, Op.GE: Op.GT}.get(op, op)
    if whole in INTEGERS:
        return with_value(op, column, wide(whole, column))
    all_below = whole > 0
    return column.is_not(None) if (op in (Op.LT, Op.LE)) is all_below else sa.false()


def between_numbers(op: Op, left: tuple[Column, int], right: tuple[Column, int]) -> Condition:
    """Compare two columns of exact numbers, each with its scale."""
    (one, scale), (other, other_scale) = left, right
    if scale > other_scale:
        return _between_scales(op.mirrored, other, one, scale - other_scale)
    if scale < other_scale:
        return _between_scales(op, one, other, other_scale - scale)
    return between(op, one, other)


def _between_scales(op: Op, coarse: Column, fine: Column, digits: int) -> Condition:
    """Compare ``coarse`` × 10^digits with ``fine``.

    Multiplying could overflow, which is an error on PostgreSQL and loses digits on SQLite. So the
    finer one is divided; integer division truncates and ``%`` takes the sign of the dividend on
    both, hence the step down for negative remainders.
    """
    unit = sa.literal(10**digits, sa.BigInteger())
    rest = fine.op("%", precedence=8, return_type=sa.BigInteger())(unit)
    step = sa.case((rest < 0, sa.literal(1)), else_=sa.literal(0))
    whole = fine.op("/", precedence=8, return_type=sa.BigInteger())(unit) - step
    match op:
        case Op.EQ:
            return sa.and_(coarse.is_not_distinct_from(whole), or_blank(rest == 0, fine))
        case Op.NE:
            return sa.or_(coarse.is_distinct_from(whole), rest != 0)
        case Op.LT:
            return sa.or_(coarse < whole, sa.and_(coarse == whole, rest != 0))
        case Op.LE:
            return coarse <= whole
        case Op.GT:
            return coarse > whole
        case Op.GE:
            return sa.or_(coarse > whole, sa.and_(coarse == whole, rest == 0))
