"""Aggregates: what the database adds up for a measure, and how parts become one exact value.

Numbers are stored as scaled integers and stay integers. A sum comes in two halves, billions and the
rest, since SQLite refuses a sum beyond 64 bits; an average is its sum and its count. All of these
roll up from groups to totals; distinct values do not, and are counted anew for each total.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.expr.scope import Ref
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
from loopline.query.currencies import Converted, added, conversion, currency_column, rounded
from loopline.query.document import Aggregate, How
from loopline.query.rows import Rows
from loopline.query.values import Valued, valued
from loopline.store.expressions import comparable_to_sql, formula_to_sql
from loopline.store.expressions.functions import divided
from loopline.store.types import BIG, TEXT

_HALF: Final = 10**9
_WIDE: Final = Context(prec=60)
_AVERAGE_SCALE: Final = 2
_COMPARED: Final = frozenset(ExprType) - {ExprType.LONG_TEXT, ExprType.SET, ExprType.OPAQUE}
_ORDERED: Final = frozenset({ExprType.NUMBER, ExprType.DATE, ExprType.DATETIME})
_NUMBERS: Final = frozenset({ExprType.NUMBER})
_TAKES: Final = {
    How.COUNT: frozenset(ExprType),
    How.COUNT_DISTINCT: _COMPARED,
    How.SUM: _NUMBERS,
    How.AVG: _NUMBERS,
    How.MIN: _ORDERED,
    How.MAX: _ORDERED,
    How.MEDIAN: _NUMBERS,
}
_COUNTED: Final = frozenset({How.COUNT, How.COUNT_DISTINCT})
_ADDED: Final = frozenset({How.SUM, How.AVG})
"""What weighs each record, so that a value several records share would count several times."""


class Mixed(Enum):
    """What amounts in different currencies make: no number."""

    MIXED = "mixed"


MIXED: Final = Mixed.MIXED


@dataclass(frozen=True, slots=True)
class Part:
    """One column of the database's answer. ``merge`` joins those of two groups, if that can be."""

    column: sa.ColumnElement[Any]
    merge: Callable[[Any, Any], Any] | None
    nothing: object = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class AggregatePlan:
    """An aggregate compiled: its parts, and the exact value they make.

    ``kind`` is the field type of the value, ``type`` what formulas see, ``scale`` its decimals.
    ``ranked`` is the column whose two middle values are the first parts; it needs a statement of
    its own. ``currency`` is that of each amount, where they may differ; then the last two parts
    are the least and the greatest of a group. ``converted`` amounts have a statement of their own
    as well, and one part: their sums by rate.
    """

    aggregate: Aggregate
    field: FieldDef | None
    kind: str
    type: ExprType
    scale: int
    parts: tuple[Part, ...]
    value: Callable[[Sequence[Any]], object]
    ranked: sa.ColumnElement[Any] | None = None
    currency: sa.ColumnElement[Any] | None = None
    converted: Converted | None = None

    def currency_of(self, parts: Sequence[Any]) -> str:
        """Answer the currency of the amount that parts make, blank where it is the site's."""
        if self.converted is not None:
            return self.converted.to
        return "" if self.currency is None else str(parts[-1] or "")

    @property
    def additive(self) -> bool:
        """Whether totals follow from groups."""
        return all(part.merge is not None for part in self.parts)


def plan_aggregate(rows: Rows, aggregate: Aggregate) -> AggregatePlan:
    """Compile an aggregate over base records or facts.

    Raises NotValid for a field that is not there for the viewer, cannot be aggregated so, or
    belongs to a record that several of the rows share.
    """
    at, how = f"measures.{aggregate.id}", aggregate.how
    test = rows.condition(aggregate.where, f"{at}.where") if aggregate.where.strip() else None
    if not (aggregate.path or aggregate.value):
        whole = rows.table.c.id
        return _count(aggregate, None, sa.func.count(whole if test is None else _if(test, whole)))
    found = _looked_at(rows, aggregate)
    ref, field = found.ref, found.field
    # short texts folded: blank where nothing is left of one
    made = comparable_to_sql if ref.type is ExprType.TEXT else formula_to_sql
    column = made(found.node, rows.columns, rows.ctx.moment)
    given = column if test is None else _if(test, column)
    if how in _COUNTED:
        return _counted(aggregate, field, given)
    currency = currency_column(rows, found.amount)
    converted = conversion(rows, aggregate, currency)
    if converted is not None:
        return _converted(aggregate, field, given, ref.scale, converted)
    plan = _plan(aggregate, field, given, ref)
    return plan if currency is None else _kept_apart(plan, given, currency)


def _counted(aggregate: Aggregate, field: FieldDef, given: sa.ColumnElement[Any]) -> AggregatePlan:
    if aggregate.how is How.COUNT:
        return _count(aggregate, field, sa.func.count(given))
    return _count(aggregate, field, sa.func.count(sa.distinct(given)), merged=False)


def _plan(
    aggregate: Aggregate, field: FieldDef, given: sa.ColumnElement[Any], ref: Ref
) -> AggregatePlan:
    match aggregate.how:
        case How.SUM | How.AVG:
            return _added(aggregate, field, given, ref.scale)
        case How.MEDIAN:
            return _median(aggregate, field, given, ref.scale)
        case _:
            return _extreme(aggregate, field, given, ref)


def _kept_apart(
    plan: AggregatePlan, given: sa.ColumnElement[Any], currency: sa.ColumnElement[Any]
) -> AggregatePlan:
    """Answer a plan whose value is MIXED over amounts in different currencies."""
    named = sa.case((given.is_not(None), currency))
    ends = (
        Part(sa.func.min(named, type_=TEXT), None if plan.ranked is not None else _least, None),
        Part(sa.func.max(named, type_=TEXT), None if plan.ranked is not None else _greatest, None),
    )

    def value(found: Sequence[Any]) -> object:
        return plan.value(found[:-2]) if found[-2] == found[-1] else MIXED

    return replace(plan, parts=(*plan.parts, *ends), value=value, currency=named)


def _converted(
    aggregate: Aggregate,
    field: FieldDef,
    column: sa.ColumnElement[Any],
    scale: int,
    converted: Converted,
) -> AggregatePlan:
    """Answer the plan of amounts that are added up by rate. Raises NotValid but for sum and avg."""
    if aggregate.how not in _ADDED:
        params = {"how": aggregate.how.value}
        raise NotValid(Problem(f"measures.{aggregate.id}.currency", "query.not_converted", params))
    plain = _added(aggregate, field, column, scale)

    def value(found: Sequence[Any]) -> object:
        made = converted.total(found[0])
        if made is None:
            return 0 if not found[0] and aggregate.how is How.SUM else None
        total, count = made
        whole = total / count if aggregate.how is How.AVG else total
        return rounded(whole, scale, plain.scale)

    return replace(plain, parts=(Part(column, added, {}),), value=value, converted=converted)


def _looked_at(rows: Rows, aggregate: Aggregate) -> Valued:
    """Answer what an aggregate looks at. Raises NotValid for what does not fit."""
    at, how = f"measures.{aggregate.id}", aggregate.how
    found = valued(rows, aggregate, at)
    name = aggregate.value or ".".join(aggregate.path)
    if found.ref.type not in _TAKES[how]:
        params = {"field": name, "how": how.value}
        raise NotValid(Problem(f"{at}.aggregate", "query.not_a_measure", params))
    if aggregate.currency is not None and not found.amount:
        raise NotValid(Problem(f"{at}.currency", "query.no_amount", {"field": name}))
    if found.shared and how in _ADDED:
        raise NotValid(Problem(f"{at}.field", "query.fan_out", {"field": name}))
    return found


def _if(test: sa.ColumnElement[bool], column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.type_coerce(sa.case((test, column)), column.type)


def _count(
    aggregate: Aggregate,
    field: FieldDef | None,
    column: sa.ColumnElement[Any],
    *,
    merged: bool = True,
) -> AggregatePlan:
    return AggregatePlan(
        aggregate=aggregate,
        field=field,
        kind="integer",
        type=ExprType.NUMBER,
        scale=0,
        parts=(Part(column, _plus if merged else None),),
        value=lambda parts: int(parts[0]),
    )


def _added(
    aggregate: Aggregate, field: FieldDef, column: sa.ColumnElement[Any], scale: int
) -> AggregatePlan:
    *sums, count = scaled_sums(column)
    parts = tuple(Part(one, _plus) for one in sums)
    if aggregate.how is How.SUM:
        return AggregatePlan(
            aggregate=aggregate,
            field=field,
            kind=field.type,
            type=ExprType.NUMBER,
            scale=scale,
            parts=parts,
            value=lambda found: _number(_whole(found), scale),
        )
    wanted = scale or _AVERAGE_SCALE
    return AggregatePlan(
        aggregate=aggregate,
        field=field,
        kind=field.type if scale else "decimal",
        type=ExprType.NUMBER,
        scale=wanted,
        parts=(*parts, Part(count, _plus)),
        value=lambda found: average(_whole(found), int(found[2]), scale, wanted),
    )


def scaled_sums(column: sa.ColumnElement[Any]) -> tuple[sa.ColumnElement[Any], ...]:
    """Answer the sum of a column in two halves, billions and the rest, and how many there are."""
    rest = column.op("%", return_type=BIG)(sa.literal(_HALF, BIG))
    halves = (divided(column, _HALF), rest)
    sums = [sa.func.coalesce(sa.func.sum(half), sa.literal(0, BIG)) for half in halves]
    return (*sums, sa.func.count(column))


def _median(
    aggregate: Aggregate, field: FieldDef, column: sa.ColumnElement[Any], scale: int
) -> AggregatePlan:
    """Answer the middle value, the average of the two in the middle of an even number."""
    wanted = scale or _AVERAGE_SCALE

    def value(found: Sequence[Any]) -> object:
        if found[0] is None:
            return None
        return average(int(found[0]) + int(found[1]), 2, scale, wanted)

    return AggregatePlan(
        aggregate=aggregate,
        field=field,
        kind=field.type if scale else "decimal",
        type=ExprType.NUMBER,
        scale=wanted,
        parts=(Part(column, None, None), Part(column, None, None)),
        value=value,
        ranked=column,
    )


def _extreme(
    aggregate: Aggregate, field: FieldDef, column: sa.ColumnElement[Any], ref: Ref
) -> AggregatePlan:
    least = aggregate.how is How.MIN
    function, merge = (sa.func.min, _least) if least else (sa.func.max, _greatest)
    number = ref.type is ExprType.NUMBER

    def value(found: Sequence[Any]) -> object:
        return _number(int(found[0]), ref.scale) if number and found[0] is not None else found[0]

    return AggregatePlan(
        aggregate=aggregate,
        field=field,
        kind=field.type,
        type=ref.type,
        scale=ref.scale,
        parts=(Part(function(column, type_=column.type), merge, None),),
        value=value,
    )


def average(total: int, count: int, scale: int, wanted: int) -> Decimal | None:
    """Answer the average of scaled integers, rounded half away from zero; None of none."""
    if count == 0:
        return None
    with_more = _WIDE.divide(Decimal(total), Decimal(count)).scaleb(-scale, _WIDE)
    return with_more.quantize(Decimal(1).scaleb(-wanted), ROUND_HALF_UP, _WIDE)


def _whole(parts: Sequence[Any]) -> int:
    return int(parts[0]) * _HALF + int(parts[1])


def _number(whole: int, scale: int) -> object:
    return Decimal(whole).scaleb(-scale, _WIDE) if scale else whole


def _plus(one: Any, other: Any) -> int:
    return int(one) + int(other)


def _least(one: Any, other: Any) -> Any:
    return min((each for each in (one, other) if each is not None), default=None)


def _greatest(one: Any, other: Any) -> Any:
    return max((each for each in (one, other) if each is not None), default=None)
