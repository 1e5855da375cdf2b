"""Python and SQL say the same of every row, and a rule and its opposite split the rows in two."""

import os
from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.expression_rows import (
    BLANK,
    HOSTILE,
    SCALES,
    START,
    Row,
    assert_agreement,
    contexts,
    near_row,
    programs,
    quoted,
    rows,
    unscaled,
)
from loopline.expr.fold import folded_key
from loopline.expr.moment import Moment
from loopline.expr.scope import Scope
from loopline.expr.tree import Op

EXAMPLES = 100 * (10 if os.environ.get("LOOPLINE_TEST_DEEP") else 1)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=rows, rules=st.lists(programs, min_size=1, max_size=4), moment=contexts)
def test_python_and_sql_agree_and_opposites_split_the_rows(
    engine: sa.Connection, fields: Scope, content: list[Row], rules: list[str], moment: Moment
) -> None:
    assert_agreement(engine, fields, content, rules, moment)


def test_numbers_agree_at_the_last_decimal(
    engine: sa.Connection, fields: Scope, moment: Moment
) -> None:
    steps = list(product((-1, 0, 1), repeat=4))
    content = [near_row(base, step) for base in (-1, 0, 1, 10**12, -(10**12)) for step in steps]
    widest = {"count": Decimal(2**63 - 1), "amount": unscaled(-(2**63), 2)}
    literals = "-1.001 -1 -0.999 0 0.0000001 1 1.005 92233720368547758 92233720368547759".split()
    literals += ["999999999999999999", "-999999999999999999"]
    against = [f"{name} {op} {it}" for name in SCALES for op in Op for it in literals]
    between = [f"{one} {op} {other}" for one, other in product(SCALES, repeat=2) for op in Op]
    blanks = [BLANK | {name: Decimal(1)} for name in SCALES]
    content += [BLANK, *blanks, BLANK | widest]
    assert_agreement(engine, fields, content, against + between, moment)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Africa/Cairo"])
def test_days_agree_at_midnight(engine: sa.Connection, fields: Scope, zone: str) -> None:
    grid = product(range(4), (0, 4, 5, 16, 22), (-1, 0, 1))
    met = [START + timedelta(days=d, hours=h, microseconds=tick) for d, h, tick in grid]
    content = [BLANK | {"met": each} for each in (None, *met)]
    dates = [*(f'"2026-03-{day:02}"' for day in range(5, 11)), "today()", "today() - 1"]
    rules = [f"met {op} {day}" for op in Op for day in dates]
    moment = Moment(START + timedelta(days=2, hours=3), zone)
    assert_agreement(engine, fields, content, rules, moment)


def test_hostile_texts_agree(engine: sa.Connection, fields: Scope, moment: Moment) -> None:
    content = [BLANK | dict.fromkeys(("name", "note", "stage"), each) for each in HOSTILE]
    tests = ["contains(name, {})", "contains(note, {})", "contains(stage, {})"]
    tests += ["starts_with(name, {})", "starts_with(stage, {})", "name in [{}]", "stage in [{}]"]
    tests += [f"{name} {op} {{}}" for name in ("name", "stage") for op in Op]
    rules = [test.format(quoted(part)) for part in HOSTILE if folded_key(part) for test in tests]
    assert_agreement(engine, fields, [BLANK, *content], rules, moment)


def test_codes_of_a_set_agree(engine: sa.Connection, fields: Scope, moment: Moment) -> None:
    names = ["a", "ab", "b", "A", "a%", "İ"]
    content = [BLANK | {"interests": pair} for pair in product(names, repeat=2)]
    rules = [f"{quoted(code)} in interests" for code in [*names, "%", "b a"]]
    assert_agreement(engine, fields, [BLANK, *content], rules, moment)
