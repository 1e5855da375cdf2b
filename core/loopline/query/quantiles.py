"""Bands that hold as many records each, as far as equal values allow: bounds made from the data."""

from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from loopline.query.dataset import Dataset
from loopline.store.types import BIG


def quantile_bounds(
    data: Dataset, column: sa.ColumnElement[Any], scale: int, many: int
) -> tuple[Decimal, ...]:
    """Answer the lower bounds of all bands but the first, over the records of a query.

    Equal values are never parted, so that there may be fewer bands than asked for.
    """
    values = (
        sa.select(column.label("v"), sa.func.ntile(many).over(order_by=column).label("q"))
        .select_from(data.source())
        .where(*data.conditions, column.is_not(None))
        .subquery()
    )
    least = sa.select(sa.func.min(values.c.v, type_=BIG)).group_by(values.c.q)
    found = sorted(set(data.ctx.connection.execute(least).scalars()))
    return tuple(Decimal(one).scaleb(-scale) for one in found[1:])
