"""Checked expressions to SQL conditions, which agree with expr/python.py on both databases.

A condition is true exactly where the expression holds; elsewhere it is false or NULL. So it may
be combined with AND and OR, yet never negated in SQL: negate the expression instead. Negation is
pushed down to the tests, where blanks are known. All values are bound, so statements of one shape
share one cache entry.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, Protocol, runtime_checkable

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from loopline.expr.moment import Moment, utc
from loopline.expr.python import compile_operand, compile_predicate, day_of
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
    Node,
    Not,
    OnDay,
    OneOf,
    Op,
    Or,
    StartsWith,
)
from loopline.expr.types import ExprType

Condition = ColumnElement[bool]
_Column = ColumnElement[Any]

_INTEGERS: Final = range(-(2**63), 2**63)
_ORDER: Final[dict[Op, Callable[[Any, Any], Any]]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
}


class ColumnSource(Protocol):
    """The columns of a statement by field path; joins through links must be outer joins."""

    def column(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """Answer the main storage column of a field."""
        ...

    def key(self, path: tuple[str, ...]) -> ColumnElement[Any]:
        """Answer the column that holds the folded key of a short text, NULL when blank."""
        ...


@runtime_checkable
class MemberSource(Protocol):
    """Columns where some fields of several have their members in rows of their own."""

    def holding(
        self, path: tuple[str, ...], code: str, *, negated: bool
    ) -> ColumnElement[bool] | None:
        """Answer the condition that the field has the member, None where it has no such rows."""
        ...


def to_sql(node: Node, columns: ColumnSource, moment: Moment) -> ColumnElement[bool]:
    """Answer the condition of a checked expression at ``moment``.

    Numbers are stored as integers scaled by their field's scale, several codes as ``,a,b,``,
    date-times in a type that takes aware UTC ones, blanks of every type as NULL. Raises TypeError
    for a node that has not been checked.
    """
    return _Statement(columns, moment).condition(node, negated=False)


@dataclass(frozen=True, slots=True)
class _Statement:
    columns: ColumnSource
    moment: Moment

    def condition(self, node: Node, *, negated: bool) -> Condition:
        match node:
            case Not(part):
                return self.condition(part, negated=not negated)
            case And(parts) | Or(parts):
                join = sa.and_ if isinstance(node, And) is not negated else sa.or_
                return join(*(self.condition(part, negated=negated) for part in parts))
            case Constant(value):
                return _truth(value is not negated)
            case Comparison(_, Field(ref), right):
                return self._comparison(
                    node.op.inverse if negated else node.op, ref, right, negated=negated
                )
            case OnDay(op, Field(ref), day):
                return self._on_day(op.inverse if negated else op, ref, day, negated=negated)
            case Comparison() | OnDay():
                return _truth(compile_predicate(node)(_no_values, self.moment) is not negated)
            case _:
                return self._field_test(node, negated=negated)

    def _field_test(self, node: Node, *, negated: bool) -> Condition:
        match node:
            case IsTrue(field):
                column = self._column(field.ref)
                return _same(column, sa.literal(True, sa.Boolean()), wanted=not negated)
            case IsBlank(field):
                column = self._column(field.ref)
                return column.is_not(None) if negated else column.is_(None)
            case OneOf(field, choices):
                return self._one_of(field.ref, choices, negated=negated)
            case Contains(field, part):
                return self._contains(field.ref, part, negated=negated)
            case StartsWith(field, part):
                column = self._column(field.ref)
                start = sa.func.substr(column, 1, len(part), type_=sa.String())
                found = start == sa.literal(part, sa.String())
                return _or_blank(start != part, column) if negated else found
            case HasCode(field, code):
                return self._has_code(field.ref, code, negated=negated)
            case _:
                raise TypeError(f"not a checked condition: {node!r}")

    def _column(self, ref: Ref) -> _Column:
        text = ref.type is ExprType.TEXT
        return self.columns.key(ref.path) if text else self.columns.column(ref.path)

    def _value(self, node: Node) -> object:
        value = compile_operand(node)(_no_values, self.moment)
        return utc(value) if isinstance(value, datetime) else value

    def _comparison(self, op: Op, ref: Ref, right: Node, *, negated: bool) -> Condition:
        column = self._column(ref)
        blank_in = [column]
        if isinstance(right, Field):
            other = self._column(right.ref)
            blank_in.append(other)
            found = _between_fields(op, (column, ref.scale), (other, right.ref.scale))
        elif ref.type is ExprType.NUMBER:
            found = _with_number(op, column, ref.scale, self._value(right))
        else:
            found = _plain(op, column, _bound(self._value(right), column))
        return _or_blank(found, *blank_in) if negated and op.ordering else found

    def _on_day(self, op: Op, ref: Ref, day: Node, *, negated: bool) -> Condition:
        column = self._column(ref)
        start, end = self.moment.span(day_of(day)(self.moment))
        match op:
            case Op.EQ:
                return sa.and_(column >= start, column < end)
            case Op.NE:
                return sa.or_(column < start, column >= end, column.is_(None))
            case Op.LT:
                found = column < start
            case Op.LE:
                found = column < end
            case Op.GT:
                found = column >= end
            case Op.GE:
                found = column >= start
        return _or_blank(found, column) if negated else found

    def _one_of(self, ref: Ref, choices: tuple[Node, ...], *, negated: bool) -> Condition:
        column = self._column(ref)
        values = [self._value(choice) for choice in choices]
        if ref.type is ExprType.NUMBER:
            scaled = (_scaled(value, ref.scale) for value in values)
            values = [whole for whole, exact in scaled if exact and whole in _INTEGERS]
        if not values:
            return _truth(negated)
        of_type = _bound(values[0], column).type
        bound = sa.bindparam(None, values, type_=of_type, expanding=True, unique=True)
        return _or_blank(column.not_in(bound), column) if negated else column.in_(bound)

    def _has_code(self, ref: Ref, code: str, *, negated: bool) -> Condition:
        if isinstance(self.columns, MemberSource):
            found = self.columns.holding(ref.path, code, negated=negated)
            if found is not None:
                return found
        return _holds(self._column(ref), f",{code},", negated=negated)

    def _contains(self, ref: Ref, part: str, *, negated: bool) -> Condition:
        column = self._column(ref)
        text = _AsciiLower(column) if ref.type is ExprType.LONG_TEXT else column
        return _holds(text, part, negated=negated)


def _no_values(path: tuple[str, ...]) -> object:
    raise LookupError(path)


def _truth(value: bool) -> Condition:
    return sa.true() if value else sa.false()


def _or_blank(condition: Condition, *columns: _Column) -> Condition:
    return sa.or_(condition, *(column.is_(None) for column in columns))


def _bound(value: object, column: _Column) -> sa.BindParameter[Any]:
    # A column may be narrower than 64 bits, what it is compared with may not fit.
    wide = isinstance(value, int) and not isinstance(value, bool)
    return sa.literal(value, sa.BigInteger() if wide else column.type)


def _same(column: _Column, value: _Column, *, wanted: bool) -> Condition:
    """Compare with a value that is never blank: ``=`` stays plain, so an index serves it."""
    return column == value if wanted else column.is_distinct_from(value)


def _plain(op: Op, column: _Column, value: _Column) -> Condition:
    if op.ordering:
        found: Condition = _ORDER[op](column, value)
        return found
    return _same(column, value, wanted=op is Op.EQ)


# Numbers


def _scaled(value: object, scale: int) -> tuple[int, bool]:
    """Answer a number times 10^scale, rounded down, and whether nothing was lost."""
    if not isinstance(value, Decimal):
        raise TypeError(f"not a number: {value!r}")
    exact = value.scaleb(scale)
    whole = int(exact.to_integral_value(ROUND_FLOOR))
    return whole, whole == exact


def _with_number(op: Op, column: _Column, scale: int, value: object) -> Condition:
    whole, exact = _scaled(value, scale)
    if not op.ordering:
        if exact and whole in _INTEGERS:
            return _plain(op, column, _bound(whole, column))
        return _truth(op is Op.NE)
    if not exact:  # no stored number lies strictly between whole and the value
        op = {Op.LT: Op.LE, Op.GE: Op.GT}.get(op, op)
    if whole in _INTEGERS:
        return _plain(op, column, _bound(whole, column))
    all_below = whole > 0
    return column.is_not(None) if (op in (Op.LT, Op.LE)) is all_below else sa.false()


def _between_fields(op: Op, left: tuple[_Column, int], right: tuple[_Column, int]) -> Condition:
    (one, scale), (other, other_scale) = left, right
    if scale > other_scale:
        return _between_scales(op.mirrored, other, one, scale - other_scale)
    if scale < other_scale:
        return _between_scales(op, one, other, other_scale - scale)
    if op.ordering:
        return _plain(op, one, other)
    return one.is_not_distinct_from(other) if op is Op.EQ else one.is_distinct_from(other)


def _between_scales(op: Op, coarse: _Column, fine: _Column, digits: int) -> Condition:
    """Compare ``coarse`` × 10^digits with ``fine``.

    Multiplying could overflow, which is an error on PostgreSQL and loses digits on SQLite. So the
    finer one is divided; integer division truncates and ``%`` takes the sign of the dividend on
    both, hence the step down for negative remainders.
    """
    unit = sa.literal(10**digits, sa.BigInteger())
    rest = fine.op("%", return_type=sa.BigInteger())(unit)
    step = sa.case((rest < 0, sa.literal(1)), else_=sa.literal(0))
    whole = fine.op("/", return_type=sa.BigInteger())(unit) - step
    match op:
        case Op.EQ:
            return sa.and_(coarse.is_not_distinct_from(whole), _or_blank(rest == 0, fine))
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


# Texts


def _holds(text: _Column, part: str, *, negated: bool) -> Condition:
    place = _Position(text, sa.literal(part, sa.String()))
    return _or_blank(place == 0, text) if negated else place > 0


class _Position(FunctionElement[int]):
    """Where a text holds a part, from 1, or 0. LIKE would give meaning to % and _."""

    type = sa.Integer()
    inherit_cache = True


@compiles(_Position, "sqlite")
def _instr(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(_Position, "postgresql")
def _strpos(element: _Position, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


class _AsciiLower(FunctionElement[str]):
    """A text with A–Z in lower case, whatever the database's locale."""

    type = sa.String()
    inherit_cache = True


@compiles(_AsciiLower, "sqlite")
def _lower(element: _AsciiLower, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower({compiler.process(element.clauses, **options)})"


@compiles(_AsciiLower, "postgresql")
def _lower_c(element: _AsciiLower, compiler: SQLCompiler, **options: Any) -> str:
    return f'lower(({compiler.process(element.clauses, **options)}) COLLATE "C")'
