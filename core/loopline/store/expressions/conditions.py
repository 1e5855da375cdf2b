"""Checked conditions to SQL."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from loopline.expr.moment import Moment, utc
from loopline.expr.passing import member_of
from loopline.expr.python import compile_predicate
from loopline.expr.tree import (
    TESTS,
    And,
    Comparison,
    Constant,
    Contains,
    Derived,
    EndsWith,
    Field,
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
from loopline.expr.typed import steady, type_of
from loopline.expr.types import ExprType
from loopline.store.expressions.comparing import (
    INTEGERS,
    between,
    between_numbers,
    or_blank,
    same,
    scaled,
    truth,
    wide,
    with_number,
    with_value,
)
from loopline.store.expressions.elements import Ending, Ids, InIds, Position
from loopline.store.expressions.sources import Column, ColumnSource, Condition, MemberSource
from loopline.store.expressions.values import Values
from loopline.store.types import TEXT


def to_sql(node: Node, columns: ColumnSource, moment: Moment) -> Condition:
    """Answer the condition of a checked expression at ``moment``.

    Numbers are stored as integers scaled by their field's scale, several codes as ``,a,b,``,
    date-times in a type that takes aware UTC ones, blanks of every type as NULL. Raises TypeError
    for a node that has not been checked.
    """
    return _Statement(columns, moment).condition(node, negated=False)


def formula_to_sql(node: Node, columns: ColumnSource, moment: Moment) -> sa.ColumnElement[Any]:
    """Answer the column expression of a checked formula: texts as written, exact numbers scaled.

    A condition comes as true or false, never NULL. Raises TypeError for what is not checked.
    """
    values = _Statement(columns, moment).values(raw=True)
    return values.truth(node) if isinstance(node, TESTS) else values.value(node)


def comparable_to_sql(node: Node, columns: ColumnSource, moment: Moment) -> sa.ColumnElement[Any]:
    """Answer what :func:`formula_to_sql` does, short texts folded: what comparing sees."""
    values = _Statement(columns, moment).values()
    return values.truth(node) if isinstance(node, TESTS) else values.value(node)


@dataclass(frozen=True, slots=True)
class _Statement:
    columns: ColumnSource
    moment: Moment

    def values(self, *, raw: bool = False) -> Values:
        return Values(self.columns, self.moment, self._holds, raw)

    def _holds(self, node: Node) -> Condition:
        return self.condition(node, negated=False)

    def condition(self, node: Node, *, negated: bool) -> Condition:
        match node:
            case Not(part):
                return self.condition(part, negated=not negated)
            case And(parts) | Or(parts):
                join = sa.and_ if isinstance(node, And) is not negated else sa.or_
                return join(*(self.condition(part, negated=negated) for part in parts))
            case Constant(value):
                return truth(value is not negated)
        if isinstance(node, TESTS) and steady(node):
            return truth(compile_predicate(node)(_no_values, self.moment) is not negated)
        match node:
            case Comparison(op):
                return self._comparison(op.inverse if negated else op, node, negated=negated)
            case OnDay(op):
                return self._on_day(op.inverse if negated else op, node, negated=negated)
            case _:
                return self._value_test(node, negated=negated)

    def _value_test(self, node: Node, *, negated: bool) -> Condition:
        match node:
            case IsTrue(Derived(of)) if isinstance(of, TESTS):
                return self.condition(of, negated=negated)
            case IsTrue(of):
                return same(self._value(of), sa.literal(True, sa.Boolean()), wanted=not negated)
            case IsBlank(of):
                column = self._present(of)
                return column.is_not(None) if negated else column.is_(None)
            case OneOf(of, choices):
                return self._one_of(of, choices, negated=negated)
            case HasCode(field, code):
                return self._has_code(field, code, negated=negated)
            case InSet():
                return self._in_set(node, negated=negated)
            case _:
                return self._text_test(node, negated=negated)

    def _text_test(self, node: Node, *, negated: bool) -> Condition:
        match node:
            case Contains(of, part):
                return _holds(self._value(of), part, negated=negated)
            case StartsWith(of, part):
                column = self._value(of)
                piece: Column = sa.func.substr(column, 1, len(part), type_=TEXT)
            case EndsWith(of, part):
                column = self._value(of)
                piece = Ending(column, sa.literal_column(str(len(part))))
            case _:
                raise TypeError(f"not a checked condition: {node!r}")
        wanted = sa.literal(part, sa.String())
        return or_blank(piece != wanted, column) if negated else piece == wanted

    def _value(self, node: Node) -> Column:
        return self.values().value(node)

    def _present(self, node: Node) -> Column:
        """Answer a column that is NULL exactly where a value is blank."""
        if isinstance(node, Field) and node.ref.type is ExprType.LONG_TEXT:
            return self.columns.column(node.ref.path)
        return self._value(node)

    def _constant(self, node: Node) -> object:
        value = self.values().constant(node)
        return utc(value) if isinstance(value, datetime) else value

    def _comparison(self, op: Op, node: Comparison, *, negated: bool) -> Condition:
        found, column = type_of(node.left), self._value(node.left)
        exact = found.number and found.exact
        if not steady(node.right):
            other = self._value(node.right)
            if exact:
                sides = (column, found.scale), (other, type_of(node.right).scale)
                made = between_numbers(op, *sides)
            else:
                made = between(op, column, other)
            return or_blank(made, column, other) if negated and op.ordering else made
        value = self._constant(node.right)
        if value is None:
            return _with_blank(op, column, negated=negated)
        if exact:
            made = with_number(op, column, found.scale, value)
        else:
            made = with_value(op, column, wide(value, column))
        return or_blank(made, column) if negated and op.ordering else made

    def _on_day(self, op: Op, node: OnDay, *, negated: bool) -> Condition:
        column, day = self._value(node.left), self._constant(node.day)
        if not isinstance(day, date):
            return _with_blank(op, column, negated=negated)
        start, end = self.moment.span(day)
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
        return or_blank(found, column) if negated else found

    def _one_of(self, of: Node, choices: tuple[Node, ...], *, negated: bool) -> Condition:
        column, kind = self._value(of), type_of(of)
        values = [value for value in map(self._constant, choices) if value is not None]
        if kind.number:
            exact = (scaled(value, kind.scale) for value in values)
            values = [whole for whole, fits in exact if fits and whole in INTEGERS]
        if not values:
            return truth(negated)
        of_type = wide(values[0], column).type
        bound = sa.bindparam(None, values, type_=of_type, expanding=True, unique=True)
        return or_blank(column.not_in(bound), column) if negated else column.in_(bound)

    def _has_code(self, field: Field, code: str, *, negated: bool) -> Condition:
        if isinstance(self.columns, MemberSource):
            found = self.columns.holding(field.ref.path, code, negated=negated)
            if found is not None:
                return found
        return _holds(self._value(field), f",{code},", negated=negated)

    def _in_set(self, node: InSet, *, negated: bool) -> Condition:
        column = self._value(node.value)
        ids = self.moment.members(node.relation, node.to, member_of(node.of, self.moment))
        found = InIds(column, sa.literal(ids, Ids()))
        return or_blank(sa.not_(found), column) if negated else found


def _no_values(path: tuple[str, ...]) -> object:
    raise LookupError(path)


def _with_blank(op: Op, column: Column, *, negated: bool) -> Condition:
    """Compare with a blank; a negated order was already turned round, yet blanks satisfy it."""
    if op.ordering:
        return truth(negated)
    return column.is_(None) if op is Op.EQ else column.is_not(None)


def _holds(text: Column, part: str, *, negated: bool) -> Condition:
    place = Position(text, sa.literal(part, sa.String()))
    return or_blank(place == 0, text) if negated else place > 0
