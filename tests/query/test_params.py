"""Parameters: what expressions name beside fields, and what it comes to."""

from datetime import date

import pytest

from loopline.errors import NotValid
from loopline.query.body import Body
from loopline.query.params import Params, read_params
from loopline.query.periods import Period, named_period
from loopline.settings import Reporting

TODAY = date(2026, 3, 31)  # a Tuesday
RULES = Reporting(fiscal_year_start_month=4)
NAMED = {
    "today": (date(2026, 3, 31), date(2026, 4, 1)),
    "this_week": (date(2026, 3, 30), date(2026, 4, 6)),
    "last_month": (date(2026, 2, 1), date(2026, 3, 1)),
    "next_quarter": (date(2026, 4, 1), date(2026, 7, 1)),
    "this_fiscal_year": (date(2025, 4, 1), date(2026, 4, 1)),
    "this_billing_month": (date(2026, 3, 26), date(2026, 4, 26)),
    "last_30_days": (date(2026, 3, 2), date(2026, 4, 1)),
    "last_3_months": (date(2026, 1, 1), date(2026, 4, 1)),
    "year_to_date": (date(2026, 1, 1), date(2026, 4, 1)),
}
VALUES = {
    "period": "last_month",
    "unit": 7,
    "stages": ["won", "lost"],
    "nothing": None,
    "none": [],
    "text": 'a "b"',
    "days": {"from": "2026-01-01", "to": None},
}
BOUND = {
    "in_range(day, param.period)": 'in_range(day, "2026-02-01", "2026-03-01")',
    "in_range(day, param.days)": 'in_range(day, "2026-01-01", null)',
    "day >= param.period.start": 'day >= "2026-02-01"',
    "in_tree(unit, param.unit) && a": "in_tree(unit, 7) && a",
    "stage in param.stages": 'stage in ["won", "lost"]',
    "name == param.text": 'name == "a \\"b\\""',
    "size > 1 && stage in param.none": "size > 1",
    "!(owner == param.nothing || a == 1)": "!(a == 1)",
    "in_range(day, param.nothing)": "",
    "-(a + b) * 2 - (3 - 4)": "-(a + b) * 2 - (3 - 4)",
}
WRONG = {
    "a == param.other": "query.no_param",
    "a == param.period.end || b == param.days": "query.param_use",
    "in_range(day, param.unit)": "query.period",
    "in_range(day, param.text)": "query.period",
    "a == param.unit.x": "query.param_use",
}


def params(values: dict[str, object]) -> Params:
    problems: list = []
    read = read_params(Body({"params": values}, "", problems))
    assert problems == []
    return Params(read, lambda name: named_period(name, TODAY, RULES))


def test_names_of_periods() -> None:
    assert {name: named_period(name, TODAY, RULES) for name in NAMED} == {
        name: Period(*days) for name, days in NAMED.items()
    }


@pytest.mark.parametrize(("text", "bound"), BOUND.items())
def test_parameters_are_put_in_as_they_are_written(text: str, bound: str) -> None:
    assert params(VALUES).bound(text, "where") == bound


@pytest.mark.parametrize(("text", "code"), WRONG.items())
def test_parameters_that_do_not_fit(text: str, code: str) -> None:
    with pytest.raises(NotValid) as refused:
        params(VALUES).bound(text, "where")
    assert [one.code for one in refused.value.problems] == [code]


def test_values_that_are_no_parameters() -> None:
    problems: list = []
    wrong = {"a": {"from": "x"}, "b": [[]], "c": {"from": "2026-02-01", "to": "2026-01-01"}}
    read_params(Body({"params": wrong}, "", problems))
    assert {one.path for one in problems} == {"params.a", "params.b", "params.c"}
