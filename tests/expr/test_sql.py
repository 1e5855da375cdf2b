"""The shape of the SQL: plain comparisons on columns, bound values, one shape per formula."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from loopline.expr.check import check
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.scope import Scope
from loopline.store.expressions import to_sql


class Columns:
    def column(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        return sa.column(path[-1], sa.BigInteger() if path == ("amount",) else sa.Text())

    def key(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        return sa.column(f"{path[-1]}__key", sa.Text())


def condition(text: str, scope: Scope, moment: Moment) -> sa.ColumnElement[bool]:
    return to_sql(check(parse(text), scope), Columns(), moment)


def sql(text: str, scope: Scope, moment: Moment) -> str:
    return str(condition(text, scope, moment).compile(dialect=sqlite.dialect()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stage == 'a'", "stage = ?"),
        ("name == 'a'", "name__key = ?"),
        ("amount == 1.5", "amount = ?"),
        ("amount < 1.005", "amount <= ?"),
        ("amount == 1.005", "0"),
        ("amount > 999999999999999999", "0"),
        ("amount < 999999999999999999", "amount IS NOT NULL"),
        ("!(stage > 'a')", "stage <= ? OR stage IS NULL"),
        ("stage != 'a'", "stage IS NOT ?"),
        ("!(stage != 'a')", "stage = ?"),
        ("!(stage == 'a' || name == null)", "stage IS NOT ? AND name__key IS NOT NULL"),
        ("contains(name, '%')", "instr(name__key, ?) > ?"),
    ],
)
def test_the_shape_of_conditions(text: str, expected: str, fields: Scope, moment: Moment) -> None:
    assert sql(text, fields, moment) == expected


def test_formulas_of_one_shape_share_a_cache_key(fields: Scope, moment: Moment) -> None:
    pair = [f"amount > {n} && contains(name, '{n}') && stage in ['{n}']" for n in (1, 2)]
    one, other = (condition(text, fields, moment)._generate_cache_key() for text in pair)
    assert one is not None
    assert one == other


def test_a_literal_beyond_the_stored_range_can_be_asked_for(
    fields: Scope, moment: Moment, expr_engines: dict[str, sa.Engine]
) -> None:
    wide = condition("amount <= 999999999999999999", fields, moment)
    rows = sa.select(sa.literal(2**63 - 1, sa.BigInteger()).label("amount")).subquery()
    for engine in expr_engines.values():
        with engine.connect() as connection:
            assert connection.scalars(sa.select(rows).where(wide)).all() == [2**63 - 1]


def test_an_unchecked_tree_is_refused(moment: Moment) -> None:
    with pytest.raises(TypeError):
        to_sql(parse("amount > 1"), Columns(), moment)
