"""Computed values are the same in Python and in both databases, and so are rules about them."""

import os
from datetime import date, datetime, timedelta
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
    assert_values_agree,
    codes,
    contexts,
    hostile,
    quoted,
    rows,
    unscaled,
)
from loopline.expr.errors import ExpressionError
from loopline.expr.formula import read_formula
from loopline.expr.moment import Moment
from loopline.expr.scope import Scope

EXAMPLES = 40 * (25 if os.environ.get("LOOPLINE_TEST_DEEP") else 1)
MOST = 10**18 - 1

# Formulas, as text

literals = st.sampled_from(["0", "1", "-1", "2.5", "0.005", "7", "-0.1", "1000000", "3.14159"])
number_fields = st.sampled_from(sorted(SCALES))
day_fields = st.sampled_from(["born", "due", "date(met)", "date(left)", "today()"])
conditions = st.sampled_from(
    ["active", "!hot", "count > 0", "is_blank(amount)", 'stage == "a"', "born < due"]
)


def call(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    fixed = [st.just(part) if isinstance(part, str) else part for part in parts]
    return st.tuples(*fixed).map("".join)


def numbers_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    signs = st.sampled_from([" + ", " - ", " * ", " / ", " + "])
    functions = st.sampled_from(["min", "max", "coalesce"])
    return st.one_of(
        call("(", inner, signs, inner, ")"),
        call("-(", inner, ")"),
        call(st.sampled_from(["round(", "abs(", "floor(", "ceil("]), inner, ")"),
        call("round(", inner, ", ", st.sampled_from("0123"), ")"),
        call(functions, "(", inner, ", ", inner, ")"),
        call("if(", conditions, ", ", inner, ", ", inner, ")"),
    )


def days_of(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = st.sampled_from(["1", "-1", "30", "count", "month(born)", "-40000000", "4000000"])
    functions = st.sampled_from(["min", "max", "coalesce"])
    return st.one_of(
        call("add_days(", inner, ", ", counts, ")"),
        call("add_months(", inner, ", ", counts, ")"),
        call("(", inner, " + ", counts, ")"),
        call(functions, "(", inner, ", ", inner, ")"),
        call("if(", conditions, ", ", inner, ", ", inner, ")"),
    )


days = st.recursive(day_fields, days_of, max_leaves=3)
measured = st.one_of(
    call("days_between(", days, ", ", days, ")"),
    call(st.sampled_from(["year", "month", "day", "weekday"]), "(", days, ")"),
    st.sampled_from(["hours_between(met, left)", "hours_between(met, now())"]),
    call("length(", st.sampled_from(["name", "note", "stage", "concat(name, alias)"]), ")"),
)
numbers = st.recursive(number_fields | literals | measured, numbers_of, max_leaves=5)
text_fields = st.sampled_from(["name", "alias", "customer.name"])
texts = st.recursive(
    text_fields,
    lambda inner: st.one_of(
        call("concat(", inner, ", ", hostile.map(quoted), ", ", inner, ")"),
        call("lower(", inner, ")"),
        call("coalesce(", inner, ", ", inner, ")"),
        call("if(", conditions, ", ", inner, ", ", hostile.map(quoted), ")"),
    ),
    max_leaves=4,
)
code_texts = st.sampled_from(
    ["concat(stage, name)", "lower(stage)", "coalesce(stage, source)", "concat(note, '-', name)"]
)
formulas = numbers | days | texts | code_texts
signs = st.sampled_from([" == ", " != ", " < ", " <= ", " > ", " >= "])
parts = hostile.filter(lambda text: bool(text.strip())).map(quoted)
rules = st.one_of(
    call(numbers, signs, numbers),
    call(days, signs, days),
    call(texts, signs, text_fields),
    call(texts, signs, parts),
    call(st.sampled_from(["contains(", "starts_with(", "ends_with("]), texts, ", ", parts, ")"),
    call("is_blank(", formulas, ")"),
    call("round(", numbers, ", 2) in [", literals, ", ", literals, "]"),
    st.sampled_from(
        [
            "department == me.department",
            "department != me.department",
            "me.title == name",
            "name in [me.title]",
            "in_reports(owner, me)",
            "in_reports(boss, me) || owner == me",
            "in_tree(department, me.department)",
            "in_members(boss, me)",
            "if(active, owner, boss) == me",
            "if(hot, active, false)",
            "coalesce(hot, active) == true",
            'concat(stage, "-", name) == "a-ab"',
            'ends_with(stage, "b")',
        ]
    ),
)

# Laws


def readable(text: str, scope: Scope) -> bool:
    try:
        read_formula(text, scope)
    except ExpressionError as error:
        problem = error.problems[0].code
        assert problem.startswith("expr."), problem
        return False
    return True


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=rows, texts=st.lists(formulas, min_size=1, max_size=4), moment=contexts)
def test_formulas_have_one_value(
    engine: sa.Connection, fields: Scope, content: list[Row], texts: list[str], moment: Moment
) -> None:
    asked = [text for text in texts if readable(text, fields)]
    assert_values_agree(engine, fields, content, asked, moment)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(content=rows, texts=st.lists(rules, min_size=1, max_size=4), moment=contexts)
def test_rules_about_computed_values_agree(
    engine: sa.Connection, fields: Scope, content: list[Row], texts: list[str], moment: Moment
) -> None:
    asked = [text for text in texts if readable(text, fields)]
    assert_agreement(engine, fields, content, asked, moment)


def test_extreme_numbers_have_one_value(
    engine: sa.Connection, fields: Scope, moment: Moment
) -> None:
    whole = [0, 1, -1, 4, 5, -5, 49, 50, -50, 149, 10**9, MOST, -MOST, MOST // 2]
    content = [
        BLANK | {"count": Decimal(one), "amount": unscaled(other, 2), "rate": unscaled(one, 6)}
        for one, other in product(whole, repeat=2)
    ]
    asked = """count + amount; count - amount; amount - count + rate; -count; count * count;
        amount * count; amount * rate; count * 10; amount / count; rate / amount; count / 3;
        round(amount); round(amount, 1); round(rate, 2); floor(amount); ceil(amount); abs(amount);
        round(amount / count, 2); round(count / 7, 6); floor(rate / 3); ceil(rate / 3);
        min(amount, count); max(amount, count, rate); count + count + count + count + count;
        count - amount - rate - count - amount - rate - count - amount - rate;
        amount * 1.5 + count / 2; 1000000 * count / rate; if(count > amount, count, rate)"""
    texts = [text.strip() for text in asked.split(";")]
    assert_values_agree(engine, fields, content, texts, moment)
    assert_agreement(engine, fields, content, [f"{text} > 5.5" for text in texts], moment)


def test_ends_of_the_calendar_have_one_value(
    engine: sa.Connection, fields: Scope, moment: Moment
) -> None:
    ends = [date.min, date(1, 1, 31), date(2024, 2, 29), date(2026, 1, 31), date.max, None]
    counts = [0, 1, -1, 12, -12, 13, 119987, -119988, 3652058, -3652058, MOST, -MOST]
    content = [BLANK | {"born": day, "count": Decimal(n)} for day, n in product(ends, counts)]
    texts = ["add_days(born, count)", "add_months(born, count)", "born - count", "weekday(born)"]
    texts += ["year(add_months(born, count))", "days_between(born, today())", "today() + count"]
    assert_values_agree(engine, fields, content, texts, moment)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York", "Africa/Cairo"])
def test_days_of_moments_have_one_value(engine: sa.Connection, fields: Scope, zone: str) -> None:
    utc = START.tzinfo
    edges = [datetime.min.replace(tzinfo=utc), datetime.max.replace(tzinfo=utc)]
    starts = [START, datetime(2026, 10, 31, tzinfo=utc), datetime(1965, 7, 1, tzinfo=utc)]
    grid = product(starts, range(3), (0, 3, 4, 5, 6, 7, 16, 22), (-1, 0, 1))
    met = [s + timedelta(days=d, hours=h, microseconds=tick) for s, d, h, tick in grid]
    content = [BLANK | {"met": each, "left": START} for each in (None, *edges, *met)]
    texts = ["date(met)", "hours_between(met, left)", "days_between(met, left)"]
    assert_values_agree(engine, fields, content, texts, Moment(START, zone))


def test_hostile_texts_have_one_value(engine: sa.Connection, fields: Scope, moment: Moment) -> None:
    content = [
        BLANK | dict.fromkeys(("name", "note", "stage"), each) | {"alias": other}
        for each, other in product(HOSTILE, ["a", " ", "İ", None])
    ]
    texts = ["concat(name, alias)", "concat(name, ' % ', alias)", "length(name)", "length(note)"]
    texts += ["lower(name)", "lower(note)", "concat(stage, alias)", "concat(note, alias)"]
    assert_values_agree(engine, fields, content, texts, moment)
    about = [
        test.format(each)
        for each in texts
        if "length" not in each
        for test in ("is_blank({})", "contains({}, 'a')", "{} == alias", "{} < 'b'")
        if "note" not in each or "==" not in test
        if "note" not in each or "<" not in test
        if "stage" not in each or "==" not in test
    ]
    assert_agreement(engine, fields, content, about, moment)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=codes)
def test_ids_beyond_a_statement_s_places_can_be_asked_for(
    engine: sa.Connection, fields: Scope, code: str
) -> None:
    crowd = frozenset(range(2, 50_000))
    moment = Moment(START, "UTC", me=1, organisation=Crowd(crowd))
    content = [BLANK | {"owner": n, "stage": code} for n in (1, 2, 49_999, 50_000, None)]
    assert_agreement(engine, fields, content, ["in_reports(owner, me)"], moment)


class Crowd:
    def __init__(self, ids: frozenset[int]) -> None:
        self.ids = ids

    def reports(self, user: int) -> frozenset[int]:
        return self.ids

    def tree(self, department: int) -> frozenset[int]:
        return self.ids

    def memberships(self, entity: str, user: int) -> frozenset[int]:
        return self.ids


@pytest.mark.parametrize(
    "amount", ["-9223372036854.775808", "-1000000000000", "-999999999999.999999"]
)
@pytest.mark.parametrize("text", ["min(rate, 0)", "max(rate, rate)", "abs(rate)", "rate + 0"])
def test_what_is_computed_has_eighteen_digits(
    engine: sa.Connection, fields: Scope, amount: str, text: str
) -> None:
    moment = Moment(now=START, zone="UTC", me=None)
    assert_values_agree(engine, fields, [{**BLANK, "rate": Decimal(amount)}], [text], moment)
