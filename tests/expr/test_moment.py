"""Days and their bounds in a zone."""

from datetime import UTC, date, datetime

import pytest

from loopline.expr.moment import NOBODY, Moment, shifted, utc


def test_today_is_the_day_in_the_zone(moment: Moment) -> None:
    assert (moment.now.date(), moment.today()) == (date(2026, 1, 31), date(2026, 2, 1))


def test_a_day_spans_two_midnights_of_its_zone() -> None:
    spring = Moment(datetime(2026, 3, 8, tzinfo=UTC), "America/New_York")
    start, end = spring.span(date(2026, 3, 8))
    assert (start, end) == (
        datetime(2026, 3, 8, 5, tzinfo=UTC),
        datetime(2026, 3, 9, 4, tzinfo=UTC),
    )


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_too(day: date, moment: Moment) -> None:
    start, end = moment.span(day)
    assert start < end


def test_moving_past_the_end_of_the_calendar_stops_there() -> None:
    assert (shifted(date.max, 1), shifted(date.min, -1)) == (date.max, date.min)


def test_a_moment_beyond_the_calendar_stops_at_its_end() -> None:
    first = utc(datetime.fromisoformat("0001-01-01T00:00:00+08:00"))
    assert first == datetime.min.replace(tzinfo=UTC)


def test_without_a_user_me_is_nobody(moment: Moment) -> None:
    assert (moment.user(), Moment(moment.now, "UTC").user()) == (7, NOBODY)
