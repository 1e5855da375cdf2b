"""Dimensions compiled: which column a field is grouped by."""

from dataclasses import replace
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.expr.check import check_value
from loopline.expr.parse import parse
from loopline.expr.scope import Ref
from loopline.expr.types import ExprType
from loopline.fields.choice import option_label, ordered_codes
from loopline.fields.definition import FieldDef
from loopline.query.buckets import MONTHS, buckets
from loopline.query.dataset import Dataset
from loopline.query.document import Dimension, Grain
from loopline.query.groups import REGION, DimensionPlan
from loopline.query.quantiles import quantile_bounds
from loopline.query.values import Valued, valued
from loopline.store.expressions import comparable_to_sql, formula_to_sql
from loopline.store.expressions.elements import Position
from loopline.store.members import MEMBER, RECORD
from loopline.store.types import BIG, TEXT

_DAYS: Final = frozenset({ExprType.DATE, ExprType.DATETIME})
_PLAIN: Final = frozenset(
    {ExprType.TEXT, ExprType.CODE, ExprType.NUMBER, ExprType.BOOLEAN, ExprType.LINK}
)
_WIDEST: Final = 2**63
_MOST_OPTIONS: Final = 400
"""More texts than these are not put into one statement of SQLite."""


def plan_dimension(data: Dataset, dimension: Dimension) -> DimensionPlan:
    """Compile a dimension for the viewer.

    Raises NotValid for a field that is not there for them or cannot be grouped by so.
    """
    at, name = f"dimensions.{dimension.id}", dimension.name
    found = valued(data, dimension, at)
    ref, field = found.ref, found.field
    if (dimension.bounds or dimension.quantiles) and ref.type is not ExprType.NUMBER:
        raise NotValid(Problem(f"{at}.bucket", "query.not_a_number", {"field": name}))
    if ref.type in _DAYS:
        return _by_days(data, dimension, field, ref)
    _refuse_misfits(dimension, field)
    if ref.type is ExprType.SET:
        return _by_members(data, dimension, field)
    kind = data.ctx.snapshot.types[field.type]
    stored = [one for one in kind.columns(field) if not one.derived]
    if ref.type not in _PLAIN or len(stored) != 1:
        raise NotValid(Problem(f"{at}.field", "query.not_a_dimension", {"field": name}))
    return _by_value(data, dimension, found)


def _refuse_misfits(dimension: Dimension, field: FieldDef) -> None:
    """Raise NotValid for what only days, or only choices, can be asked for."""
    at, name = f"dimensions.{dimension.id}", dimension.name
    for key, given in (("grain", dimension.grain), ("fill", dimension.fill)):
        if given is not None:
            raise NotValid(Problem(f"{at}.{key}", "query.not_a_date", {"field": name}))
    if dimension.level is not None and field.type != REGION:
        raise NotValid(Problem(f"{at}.level", "query.not_a_region", {"field": name}))
    if dimension.show_empty and not field.options:
        raise NotValid(Problem(f"{at}.show_empty", "query.no_options", {"field": name}))


def _by_days(data: Dataset, dimension: Dimension, field: FieldDef, ref: Ref) -> DimensionPlan:
    """Group by the days on which dates or, in the viewer's zone, date-times fall."""
    grain = dimension.grain or Grain.DAY
    if dimension.counting is not None and grain not in MONTHS:
        raise NotValid(Problem(f"dimensions.{dimension.id}.calendar", "query.not_months"))
    within = buckets(grain, dimension.counting, data.ctx.settings.reporting)
    node = check_value(parse(f"date({dimension.name})"), data.fields)
    day = formula_to_sql(node, data.columns, data.ctx.moment)
    return DimensionPlan(
        dimension=replace(dimension, grain=grain),
        field=field,
        type=ref.type,
        scale=0,
        column=within.column(day),
        buckets=within,
        language=data.ctx.locale.language,
    )


def _by_value(data: Dataset, dimension: Dimension, found: Valued) -> DimensionPlan:
    """Group by the values themselves, texts by their folded key as filters compare them."""
    ref, field, node = found.ref, found.field, found.node
    kind, locale = data.ctx.snapshot.types[field.type], data.ctx.locale
    column, text = formula_to_sql(node, data.columns, data.ctx.moment), ref.type is ExprType.TEXT
    grouped = comparable_to_sql(node, data.columns, data.ctx.moment) if text else column
    if dimension.quantiles:
        bounds = quantile_bounds(data, column, ref.scale, dimension.quantiles)
        dimension = replace(dimension, bounds=bounds, quantiles=0)
    if dimension.bounds:
        grouped = _band_column(column, dimension.bounds, ref.scale)
    if dimension.level is not None:
        grouped = sa.func.substr(column, 1, dimension.level.digits, type_=TEXT)
    return DimensionPlan(
        dimension=dimension,
        field=field,
        type=ref.type,
        scale=ref.scale,
        column=grouped,
        shown=column if text else None,
        name=lambda value: kind.format(field, kind.load(field, (value,)), locale),
        language=locale.language,
    )


def _by_members(data: Dataset, dimension: Dimension, field: FieldDef) -> DimensionPlan:
    """Group by each of the values that a field has. Raises NotValid for fields without such."""
    record = data.columns.column((*dimension.path[:-1], "id"))
    stored, options = data.columns.stored(dimension.path), ordered_codes(field)
    if stored.members is not None:
        rows: sa.FromClause = stored.members.alias(f"many_{dimension.id}")
        joined = rows.c[RECORD] == record
    elif options and len(options) <= _MOST_OPTIONS:
        each = (sa.select(sa.literal(code, TEXT).label(MEMBER)) for code in options)
        rows = sa.union_all(*each).subquery(f"many_{dimension.id}")
        among = sa.literal(",", TEXT) + rows.c[MEMBER] + sa.literal(",", TEXT)
        joined = Position(data.columns.column(dimension.path), among) > 0
    else:
        name = ".".join(dimension.path)
        at = f"dimensions.{dimension.id}.field"
        raise NotValid(Problem(at, "query.not_a_dimension", {"field": name}))
    language = data.ctx.locale.language
    return DimensionPlan(
        dimension=dimension,
        field=field,
        type=ExprType.SET,
        scale=0,
        column=rows.c[MEMBER],
        name=lambda code: option_label(field, str(code), language),
        language=language,
        many=(rows, joined),
    )


def _band_column(
    column: sa.ColumnElement[Any], bounds: tuple[Decimal, ...], scale: int
) -> sa.ColumnElement[int]:
    """Answer the number of the band that holds a number, 0 for those below the first bound."""
    whens = [
        (column < sa.literal(_least(bound, scale), BIG), sa.literal(at, BIG))
        for at, bound in enumerate(bounds)
    ]
    return sa.case((column.is_(None), sa.null()), *whens, else_=sa.literal(len(bounds), BIG))


def _least(bound: Decimal, scale: int) -> int:
    """Answer the least stored number that is not below a bound."""
    whole = int(bound.scaleb(scale).to_integral_value(ROUND_CEILING))
    return min(max(whole, -_WIDEST), _WIDEST - 1)
