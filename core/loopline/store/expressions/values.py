"""Checked values to column expressions: exact numbers scaled, blanks NULL, texts by their key."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.dates import offsets
from loopline.expr.evaluate import compile_value
from loopline.expr.moment import Moment, utc
from loopline.expr.python import compile_predicate
from loopline.expr.scope import Ref
from loopline.expr.tree import (
    TESTS,
    Apply,
    Cast,
    Choose,
    Coalesce,
    Concat,
    Derived,
    Field,
    Literal,
    LocalDay,
    Lower,
    Node,
    Product,
    Quotient,
    Rounded,
    Sum,
)
from loopline.expr.typed import steady, type_of
from loopline.expr.types import TEXTS, ExprType, ValueType
from loopline.store.expressions.elements import (
    DOUBLE,
    AsciiLower,
    Clamped,
    Guarded,
    NumberedDay,
    Plain,
    Seconds,
    Truncated,
    Wide,
)
from loopline.store.expressions.functions import applied, divided
from loopline.store.expressions.sources import Column, ColumnSource, Condition
from loopline.store.types import BIG, TEXT
from loopline.store.types import Moment as MomentType

_TYPES: Final[Mapping[ExprType, Any]] = {
    **dict.fromkeys(TEXTS, TEXT),
    ExprType.NUMBER: BIG,
    ExprType.BOOLEAN: sa.Boolean(),
    ExprType.DATE: sa.Date(),
    ExprType.DATETIME: MomentType(),
    ExprType.LINK: BIG,
}
_DAY: Final = 86_400
_GROUP: Final = 16


@dataclass(frozen=True, slots=True)
class Values:
    """Makes the SQL of values; ``condition`` makes that of the conditions in them."""

    columns: ColumnSource
    moment: Moment
    condition: Callable[[Node], Condition]
    raw: bool = False

    def constant(self, node: Node) -> object:
        """Answer the value of a node that is the same for every record."""
        return compile_value(node, compile_predicate, raw=self.raw)(_no_values, self.moment)

    def value(  # noqa: C901 one case for each kind of value
        self, node: Node, wanted: ValueType | None = None
    ) -> Column:
        """Answer the column expression of a value; ``wanted`` is the type of a bare blank."""
        if isinstance(node, Field):
            return self._field(node.ref)
        if steady(node):
            found = wanted if node == Literal(None) else type_of(node)
            return bound(self.constant(node), found or type_of(node))
        match node:
            case Derived(of):
                return self.truth(of) if isinstance(of, TESTS) else self.value(of)
            case LocalDay(of):
                return self._local_day(self.value(of))
            case Choose(condition, one, other, found):
                test = self.condition(condition)
                chosen = sa.case((test, self.value(one, found)), else_=self.value(other, found))
                return _plain(chosen, found)
            case Coalesce(parts, found):
                given = [self.value(each, found) for each in parts]
                return _plain(sa.func.coalesce(*given, type_=database_type(found)), found)
            case Concat(parts, found):
                return self._concat(parts, found.kind)
            case Lower(of):
                return AsciiLower(self.value(of))
            case Apply(function, arguments, found):
                written = replace(self, raw=True)
                given = [written.value(each) for each in arguments]
                return applied(function, given, found, database_type(found))
            case _:
                return self._number(node)

    def truth(self, node: Node) -> Column:
        """Answer a condition as true or false, never NULL."""
        yes, no = sa.literal(True, sa.Boolean()), sa.literal(False, sa.Boolean())
        return sa.case((self.condition(node), yes), else_=no)

    def _field(self, ref: Ref) -> Column:
        if ref.type is ExprType.TEXT and not self.raw:
            return self.columns.key(ref.path)
        column = self.columns.column(ref.path)
        lowered = ref.type is ExprType.LONG_TEXT and not self.raw
        return AsciiLower(column) if lowered else column

    def _number(self, node: Node) -> Column:
        match node:
            case Cast(of, found):
                return _cast(self.value(of), type_of(of), found)
            case Sum(parts, signs, found):
                return _sum([self.value(each) for each in parts], signs, found)
            case Product(left, right, found):
                one, other = self.value(left), self.value(right)
                return Guarded(Wide(one) * other) if found.exact else one * other
            case Quotient(left, right):
                divisor = sa.func.nullif(self.value(right), sa.literal(0.0, DOUBLE), type_=DOUBLE)
                return self.value(left).op("/", precedence=8, return_type=DOUBLE)(divisor)
            case Rounded(how, of, found):
                one, kind = self.value(of), type_of(of)
                if kind.exact:
                    return _exact_rounded(one, how, 10 ** (kind.scale - found.scale))
                return _rounded(one, how, found.scale)
            case _:
                raise TypeError(f"not a checked value: {node!r}")

    def _concat(self, parts: tuple[Node, ...], kind: ExprType) -> Column:
        folded = kind is ExprType.TEXT and not self.raw
        within = self if folded else replace(self, raw=True)
        nothing = sa.literal("", TEXT)
        given = [sa.func.coalesce(within.value(each), nothing, type_=TEXT) for each in parts]
        joined: Column = given[0]
        for each in given[1:]:
            joined = joined + each
        if folded:
            joined = sa.func.trim(joined, type_=TEXT)
        made = Plain(sa.func.nullif(joined, nothing, type_=TEXT))
        return AsciiLower(made) if kind is ExprType.LONG_TEXT and not self.raw else made

    def _local_day(self, moment: Column) -> Column:
        changes, known = offsets(self.moment.zone)
        # One day more, then one less: whole numbers are cut, and days before the first are below 0.
        shifted = Seconds(moment) + _offset(moment, changes, known)
        return NumberedDay(divided(shifted + sa.literal(_DAY, BIG), _DAY) - sa.literal(1, BIG))


def _no_values(path: tuple[str, ...]) -> object:
    raise LookupError(path)


def database_type(found: ValueType) -> Any:
    """Answer the database type that holds values of a type."""
    if found.number and not found.exact:
        return DOUBLE
    return _TYPES.get(found.kind, TEXT)


def bound(value: object, found: ValueType) -> Column:
    """Answer a value bound as a value of a type; exact numbers scaled."""
    if found.number and found.exact and value is not None:
        value = int(Decimal(str(value)).scaleb(found.scale))
    if isinstance(value, datetime):
        value = utc(value)
    return sa.literal(value, database_type(found))


def _plain(column: Column, found: ValueType) -> Column:
    if found.kind in TEXTS:
        return Plain(column)
    return sa.type_coerce(column, database_type(found))


# Numbers


def _cast(column: Column, found: ValueType, wanted: ValueType) -> Column:
    if wanted.exact and wanted.scale == found.scale:
        return Guarded(column)
    if wanted.exact:
        return Guarded(Wide(column) * sa.literal(10 ** (wanted.scale - found.scale), BIG))
    made: Column = sa.cast(column, DOUBLE)
    if found.scale:
        unit = sa.literal(float(10**found.scale), DOUBLE)
        made = made.op("/", precedence=8, return_type=DOUBLE)(unit)
    return made


def _sum(parts: list[Column], signs: tuple[int, ...], found: ValueType) -> Column:
    total: Column = Wide(parts[0]) if found.exact else parts[0]
    total = total if signs[0] > 0 else -total
    for sign, each in zip(signs[1:], parts[1:], strict=True):
        total = total + each if sign > 0 else total - each
    return Guarded(total) if found.exact else total


def _exact_rounded(column: Column, how: str, unit: int) -> Column:
    match how:
        case "floor":
            moved = column - sa.case((column < 0, sa.literal(unit - 1, BIG)), else_=0)
        case "ceil":
            moved = column + sa.case((column > 0, sa.literal(unit - 1, BIG)), else_=0)
        case _:
            half = sa.literal(unit // 2, BIG)
            moved = column + sa.case((column >= 0, half), else_=-half)
    return divided(moved, unit)


def _rounded(column: Column, how: str, scale: int) -> Column:
    scaled: Column = column * sa.literal(float(10**scale), DOUBLE)
    if how == "round":
        half = sa.case((scaled >= 0, sa.literal(0.5, DOUBLE)), else_=sa.literal(-0.5, DOUBLE))
        return Guarded(Truncated(Clamped(scaled + half)))
    near = Clamped(scaled)
    whole = Truncated(near)
    one = sa.literal(1, BIG)
    if how == "floor":
        return Guarded(whole - sa.case((near < whole, one), else_=0))
    return Guarded(whole + sa.case((near > whole, one), else_=0))


def _offset(moment: Column, changes: tuple[datetime, ...], known: tuple[int, ...]) -> Column:
    """Answer the seconds by which a zone differs from UTC: first the years, then the change."""
    starts = range(0, len(changes) + 1, _GROUP)
    groups = [
        _offset_among(moment, changes[at : at + _GROUP - 1], known[at : at + _GROUP])
        for at in starts
    ]
    ends = [changes[at + _GROUP - 1] for at in starts if at + _GROUP <= len(changes)]
    return _first_before(moment, ends, groups[: len(ends) + 1])


def _offset_among(moment: Column, changes: Sequence[datetime], known: Sequence[int]) -> Column:
    return _first_before(moment, changes, [sa.literal(each, BIG) for each in known])


def _first_before(moment: Column, changes: Sequence[datetime], answers: list[Column]) -> Column:
    """Answer what belongs to the first change that a moment precedes, else the last answer."""
    if not changes:
        return answers[0]
    tests = [moment < sa.literal(change, MomentType()) for change in changes]
    return sa.case(*zip(tests, answers, strict=False), else_=answers[len(changes)])
