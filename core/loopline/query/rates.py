"""Rates of exchange: which one holds for a currency on a day, and what it is.

They are the records of the entity with the trait ``rates``: from the day in its field ``date`` on,
one unit of ``currency`` is worth ``rate`` units of the site's currency.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.store.tables import RecordTable
from loopline.store.types import BIG, TEXT

ROLES: Final = ("currency", "date", "rate")
UNIT: Final = 0
"""In place of a record: the rate of the site's own currency, which is 1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """What one unit of a currency was worth in the site's currency, from a day on."""

    currency: str
    date: date
    rate: Decimal


class Rates:
    """The rates of a site. They are used for whoever asks, as the currency of the site is."""

    def __init__(self, ctx: Context, one: RecordTable) -> None:
        self._ctx, self._one = ctx, one
        self._known: dict[int, Rate] = {}

    def on(
        self, currency: sa.ColumnElement[str], day: sa.ColumnElement[Any]
    ) -> sa.ColumnElement[int]:
        """Answer the id of the rate of a currency on a day, NULL where there is none."""
        site = self._ctx.locale.currency
        table = self._one.table.alias()
        code, since, rate = self._columns(table)
        newest = (
            sa.select(table.c.id)
            .where(code == currency, since <= day, rate > 0, table.c.deleted_at.is_(None))
            .order_by(since.desc(), table.c.id.desc())
            .limit(1)
            .scalar_subquery()
        )
        return sa.case((currency == site, sa.literal(UNIT, BIG)), else_=newest)

    def read(self, ids: Iterable[int]) -> Mapping[int, Rate]:
        """Answer rates by id, each read once; without that of the site's own currency."""
        missing = sorted(set(ids) - self._known.keys() - {UNIT})
        if missing:
            self._known |= self._read(missing)
        return self._known

    def _columns(self, table: sa.FromClause) -> list[sa.ColumnElement[Any]]:
        """Answer the currency, the day and the rate; a currency may be a record with a code."""
        fields = [self._one.fields[name] for name in ROLES]
        code: sa.ColumnElement[Any]
        code, *others = (table.c[field.main] for field in fields)
        if to := fields[0].definition.to:
            target = self._ctx.snapshot.table(to)
            listed = target.table.alias()
            named = listed.c[target.fields[code_field(target.entity)].main]
            code = sa.select(named).where(listed.c.id == code).scalar_subquery()
        return [sa.func.upper(code, type_=TEXT), *others]

    def _read(self, ids: list[int]) -> dict[int, Rate]:
        table = self._one.table
        columns = self._columns(table)
        scale = self._one.fields[ROLES[-1]].definition.scale
        found = {}
        for start in range(0, len(ids), 500):
            query = sa.select(table.c.id, *columns).where(table.c.id.in_(ids[start : start + 500]))
            for record, code, since, whole in self._ctx.connection.execute(query):
                value = Decimal(whole).scaleb(-scale)
                found[record] = Rate(currency=str(code), date=since, rate=value)
        return found


def code_field(currency: EntityDef) -> str:
    """Answer the field in which records that are currencies have their code."""
    return "code" if "code" in currency.fields else currency.title_field


def rates_of(ctx: Context) -> Rates | None:
    """Answer the rates of the site; None where no entity has the trait and the fields of rates."""
    catalog = ctx.snapshot.catalog
    for name in catalog.active_ids("entity"):
        one = catalog.entity(name)
        if one.traits.rates and all(role in one.fields for role in ROLES):
            return Rates(ctx, ctx.snapshot.table(name))
    return None
