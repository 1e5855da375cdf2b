"""Days and the buckets they fall in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.query.buckets import Buckets, buckets
from loopline.query.document import Counting, Grain
from loopline.settings import Reporting

NAMES = {
    (date(2026, 1, 1), Grain.DAY): "2026-01-01",
    (date(2026, 1, 1), Grain.WEEK): "2026-W01",
    (date(2027, 1, 3), Grain.WEEK): "2026-W53",
    (date(2026, 12, 31), Grain.MONTH): "2026-12",
    (date(2026, 12, 31), Grain.QUARTER): "2026Q4",
    (date(1, 1, 1), Grain.YEAR): "0001",
}


RULES = Reporting(fiscal_year_start_month=4, billing_day=26, week_start=7)
FISCAL = {
    (date(2026, 3, 31), Grain.MONTH): "2026-03",
    (date(2026, 3, 31), Grain.QUARTER): "FY26Q4",
    (date(2026, 4, 1), Grain.QUARTER): "FY27Q1",
    (date(2026, 4, 1), Grain.YEAR): "FY27",
}
BILLING = {
    (date(2025, 12, 25), Grain.MONTH): "2025-12",
    (date(2025, 12, 26), Grain.MONTH): "2026-01",
    (date(2026, 1, 25), Grain.QUARTER): "2026Q1",
}
ALL = [
    *(Buckets(grain=grain) for grain in Grain),
    *(buckets(grain, how, RULES) for grain in Grain for how in Counting),
]


def names(days: dict, how: Counting | None, rules: Reporting) -> dict:
    found = {one: buckets(one[1], how, rules) for one in days}
    return {one: within.name(within.of(one[0])) for one, within in found.items()}


def test_how_buckets_are_called() -> None:
    assert names(NAMES, None, Reporting()) == NAMES
    assert names(FISCAL, Counting.FISCAL, RULES) == FISCAL
    assert names(BILLING, Counting.BILLING, RULES) == BILLING


def test_weeks_that_begin_on_sunday_are_called_by_it() -> None:
    week = buckets(Grain.WEEK, None, RULES)
    assert week.name(week.of(date(2026, 1, 3))) == "2025-12-28"
    assert week.name(week.of(date(2026, 1, 4))) == "2026-01-04"


@given(st.dates(), st.sampled_from(ALL))
def test_a_day_lies_in_its_bucket(day: date, within: Buckets) -> None:
    number = within.of(day)
    first, following = within.first(number), within.first(number + 1)
    assert first is not None
    assert first <= day
    assert following is None or day < following
    assert within.of(first) == number


@pytest.mark.parametrize("grain", Grain)
def test_the_last_bucket_of_the_calendar_has_no_end(grain: Grain) -> None:
    within = Buckets(grain=grain)
    last = within.of(date.max)
    assert "<" not in within.condition("day", last)
    assert "<" in within.condition("day", last - 1)
