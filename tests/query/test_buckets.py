"""Days and the buckets they fall in."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.query.buckets import bucket_condition, bucket_name, bucket_of, first_day
from loopline.query.document import Grain

NAMES = {
    (date(2026, 1, 1), Grain.DAY): "2026-01-01",
    (date(2026, 1, 1), Grain.WEEK): "2026-W01",
    (date(2027, 1, 3), Grain.WEEK): "2026-W53",
    (date(2026, 12, 31), Grain.MONTH): "2026-12",
    (date(2026, 12, 31), Grain.QUARTER): "2026Q4",
    (date(1, 1, 1), Grain.YEAR): "0001",
}


def test_how_buckets_are_called() -> None:
    assert {one: bucket_name(bucket_of(*one), one[1]) for one in NAMES} == NAMES


@given(st.dates(), st.sampled_from(Grain))
def test_a_day_lies_in_its_bucket(day: date, grain: Grain) -> None:
    number = bucket_of(day, grain)
    first, following = first_day(number, grain), first_day(number + 1, grain)
    assert first is not None
    assert first <= day
    assert following is None or day < following
    assert bucket_of(first, grain) == number


@pytest.mark.parametrize("grain", Grain)
def test_the_last_bucket_of_the_calendar_has_no_end(grain: Grain) -> None:
    last = bucket_of(date.max, grain)
    assert "<" not in bucket_condition("day", last, grain)
    assert "<" in bucket_condition("day", last - 1, grain)
