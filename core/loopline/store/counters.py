"""Counters behind numberings: gap-free within committed transactions."""

from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT

counter = sa.Table(
    "ll_counter",
    metadata,
    sa.Column("numbering", TEXT, primary_key=True),
    sa.Column("period", TEXT, primary_key=True),
    sa.Column("value", BIG, nullable=False),
)

_TAKE: Final = (
    counter.update()
    .where(
        counter.c.numbering == sa.bindparam("numbering_"),
        counter.c.period == sa.bindparam("period_"),
    )
    .values(value=counter.c.value + sa.bindparam("count"))
    .returning(counter.c.value)
)


def take(connection: sa.Connection, numbering: str, period: str, count: int, start: int) -> range:
    """Take the next ``count`` numbers of a numbering in a period.

    The row stays locked until the transaction ends, so a number is used once and an aborted
    transaction leaves no gap.
    """
    asked = {"numbering_": numbering, "period_": period, "count": count}
    taken = connection.execute(_TAKE, asked).scalar()
    if taken is None:
        _create(connection, numbering, period, start - 1)
        return take(connection, numbering, period, count, start)
    return range(taken - count + 1, taken + 1)


def _create(connection: sa.Connection, numbering: str, period: str, value: int) -> None:
    """Create the row; two transactions may try at once, and both then find it."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    row = {"numbering": numbering, "period": period, "value": value}
    connection.execute(make(counter).values(row).on_conflict_do_nothing())
