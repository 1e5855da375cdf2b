"""Amounts in several currencies: kept apart, or converted rate by rate, never just added up.

An amount is in the currency that its record names, else in the site's. Amounts that are converted
are added up for each rate in the database, multiplied and rounded once here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.expr.check import check_value
from loopline.expr.parse import parse
from loopline.expr.tree import Name
from loopline.expr.types import TEXTS, ExprType
from loopline.meta.scope import EntityScope
from loopline.query.document import Aggregate, Conversion, Path
from loopline.query.rates import UNIT, Rate, Rates, code_field, rates_of
from loopline.query.rows import Rows
from loopline.query.values import no_field
from loopline.store.expressions import formula_to_sql
from loopline.store.types import TEXT

NAMED: Final = "currency"
"""The field in which a record names the currency of its amounts."""
_WIDE: Final = Context(prec=60)
_DAYS: Final = frozenset({ExprType.DATE, ExprType.DATETIME})

Pair = tuple[int | None, int | None]
"""The rates by which amounts are multiplied and divided, None where there is none."""
Sums = Mapping[Pair, Sequence[int]]
"""For each pair of rates the billions, the rest, and the number of amounts."""


def currency_column(rows: Rows, path: Path) -> sa.ColumnElement[str] | None:
    """Answer the currency in which an amount is; None where it is the site's, or no amount."""
    if not path:
        return None
    # whoever may not read the currency must not be told a sum of different ones either
    scope = EntityScope(rows.ctx.snapshot.catalog, rows.ctx.snapshot.types, rows.entity)
    at = (*path[:-1], NAMED)
    ref = scope.resolve(at)
    if ref is not None and ref.to:
        at = (*at, code_field(scope.catalog.entity(ref.to)))
        ref = scope.resolve(at)
    if ref is None or ref.type not in TEXTS:
        return None
    node = check_value(Name(at), scope)
    code = sa.func.upper(formula_to_sql(node, rows.columns, rows.ctx.moment), type_=TEXT)
    return sa.func.coalesce(code, sa.literal(rows.ctx.locale.currency, TEXT), type_=TEXT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Converted:
    """Amounts on their way into one currency: the columns of their rates, and the rates."""

    to: str
    columns: tuple[sa.ColumnElement[int], sa.ColumnElement[int]]
    rates: Rates

    def total(self, sums: Sums) -> tuple[Decimal, int] | None:
        """Answer the sum of scaled amounts converted and their number; None where no rate is."""
        total, count = Decimal(0), 0
        known = self.rates.read(one for pair in sums for one in pair if one is not None)
        for (of, to), (billions, rest, many) in sums.items():
            if of is not None and to is not None:
                whole = Decimal(int(billions) * 10**9 + int(rest))
                product = _WIDE.multiply(whole, _worth(known, of))
                total = _WIDE.add(total, _WIDE.divide(product, _worth(known, to)))
                count += int(many)
        return (total, count) if count else None

    def left_out(self, sums: Sums) -> int:
        """Answer how many amounts have no rate."""
        return sum(int(parts[2]) for pair, parts in sums.items() if None in pair)

    def used(self, sums: Sums) -> set[Rate]:
        """Answer the rates that were used."""
        ids = {one for pair in sums if None not in pair for one in pair if one and one != UNIT}
        known = self.rates.read(ids)
        return {known[one] for one in ids}


def conversion(
    rows: Rows, aggregate: Aggregate, currency: sa.ColumnElement[str] | None
) -> Converted | None:
    """Answer how the amounts of an aggregate are converted; None where all are in that currency.

    Raises NotValid where there are no rates, or no day to look them up by.
    """
    rule, ctx = aggregate.currency, rows.ctx
    to = (rule.to if rule else "") or ctx.locale.currency
    if rule is None or (currency is None and to == ctx.locale.currency):
        return None
    rates = rates_of(ctx)
    if rates is None:
        raise NotValid(Problem(f"measures.{aggregate.id}.currency", "query.no_rates"))
    site = sa.literal(ctx.locale.currency, TEXT)
    day = _day(rows, rule, f"measures.{aggregate.id}.currency.rate.at")
    columns = (
        rates.on(site if currency is None else currency, day),
        rates.on(sa.literal(to, TEXT), day),
    )
    return Converted(to=to, columns=columns, rates=rates)


def _day(rows: Rows, rule: Conversion, at: str) -> sa.ColumnElement[Any]:
    today = sa.literal(rows.ctx.moment.today(), sa.Date())
    if not rule.at:
        return today
    name, ref = ".".join(rule.at), rows.fields.resolve(rule.at)
    if ref is None:
        raise NotValid(no_field(rows, rule.at, at))
    if ref.type not in _DAYS:
        raise NotValid(Problem(at, "query.not_a_date", {"field": name}))
    node = check_value(parse(f"date({name})"), rows.fields)
    day = formula_to_sql(node, rows.columns, rows.ctx.moment)
    return sa.func.coalesce(day, today, type_=sa.Date()) if rule.today else day


def _worth(known: Mapping[int, Rate], one: int) -> Decimal:
    return Decimal(1) if one == UNIT else known[one].rate


def rounded(number: Decimal, scale: int, wanted: int) -> Decimal:
    """Answer a scaled number with its decimals, rounded half away from zero."""
    exact = number.scaleb(-scale, _WIDE)
    return exact.quantize(Decimal(1).scaleb(-wanted), ROUND_HALF_UP, _WIDE)


def added(one: Sums, other: Sums) -> Sums:
    """Answer the sums of two groups together."""
    found = {pair: list(parts) for pair, parts in one.items()}
    for pair, parts in other.items():
        known = found.get(pair, (0, 0, 0))
        found[pair] = [int(a) + int(b) for a, b in zip(known, parts, strict=True)]
    return found
