"""What holds of every working calendar: sums, inverses, order."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.calendars.calendar import WorkingCalendar, WorkingDay
from loopline.calendars.holidays import book_of
from loopline.calendars.ranges import DAY, Ranges, TimeRange
from loopline.errors import NotValid

ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
FIRST, LAST = date(2025, 12, 1), date(2026, 12, 31)


def _as_ranges(cuts: list[int]) -> Ranges:
    ordered = sorted(cuts)
    return tuple(TimeRange(*pair) for pair in zip(ordered[::2], ordered[1::2], strict=False))


ranges = st.lists(st.integers(0, DAY // 15), unique=True, max_size=6).map(
    lambda cuts: _as_ranges([cut * 15 for cut in cuts])
)
own_days = st.dictionaries(st.dates(FIRST, LAST), ranges, max_size=20).map(
    lambda days: {day: WorkingDay(day=day, ranges=found) for day, found in days.items()}
)
calendars = st.builds(
    WorkingCalendar,
    id=st.just("any"),
    zone=st.sampled_from(ZONES),
    week=st.tuples(*[ranges] * 7).filter(any),
    days=own_days,
    holidays=st.sampled_from(["", "CN"]).map(book_of),
    make_up=ranges,
)
moments = st.datetimes(
    datetime(2026, 1, 1),
    datetime(2026, 11, 30),
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
spans = st.integers(0, 40 * 3600).map(lambda seconds: timedelta(seconds=seconds))


@given(calendars, moments, spans)
def test_adding_is_the_inverse_of_measuring(calendar, start, span) -> None:
    end = calendar.add_working(start, span)
    assert calendar.working_between(start, end) == span
    assert calendar.add_working(start, calendar.working_between(start, end)) == end


@given(calendars, moments, spans, spans)
def test_adding_twice_is_adding_the_sum(calendar, start, first, second) -> None:
    twice = calendar.add_working(calendar.add_working(start, first), second)
    assert twice == calendar.add_working(start, first + second)


@given(calendars, moments, spans, spans)
def test_more_working_time_ends_later(calendar, start, first, second) -> None:
    ends = calendar.add_working(start, first), calendar.add_working(start, second)
    assert (ends[0] < ends[1]) == (first < second)


@given(calendars, moments, moments, spans)
def test_a_later_start_never_ends_earlier(calendar, first, second, span) -> None:
    early, late = sorted([first, second])
    assert calendar.add_working(early, span) <= calendar.add_working(late, span)


@given(calendars, moments, moments, moments)
def test_time_between_adds_up(calendar, one, two, three) -> None:
    whole = calendar.working_between(one, three)
    assert calendar.working_between(one, two) + calendar.working_between(two, three) == whole


@given(calendars, moments, spans)
def test_counting_back_measures_the_same(calendar, end, span) -> None:
    start = calendar.add_working(end, -span)
    assert calendar.working_between(start, end) == span


@given(calendars, moments)
def test_the_next_working_moment_is_worked_and_nothing_is_before_it(calendar, moment) -> None:
    first = calendar.next_working(moment)
    assert calendar.is_working(first)
    assert calendar.working_between(moment, first) == timedelta()


@given(calendars, moments, st.integers(1, 15))
def test_that_many_working_days_lie_on_the_way(calendar, start, days) -> None:
    end = calendar.add_days(start, days)
    first = calendar.local(calendar.next_working(start)).date()
    last = calendar.local(end - timedelta(seconds=1)).date()
    assert calendar.count_days(first, last) in (days, days - 1)
    assert end >= calendar.add_days(start, days - 1)


@given(calendars, moments, moments, st.integers(0, 15))
def test_days_from_a_later_start_never_end_earlier(calendar, first, second, days) -> None:
    early, late = sorted([first, second])
    assert calendar.add_days(early, days) <= calendar.add_days(late, days)


def test_a_calendar_without_working_time_is_refused_not_searched_for_ever() -> None:
    empty = WorkingCalendar(id="never", zone="UTC", week=((),) * 7)
    start = datetime(2026, 1, 1, tzinfo=UTC)
    for ask in (
        lambda: empty.next_working(start),
        lambda: empty.add_working(start, timedelta(hours=1)),
        lambda: empty.add_working(start, -timedelta(hours=1)),
        lambda: empty.add_days(start, 1),
    ):
        with pytest.raises(NotValid, match="no_working_time"):
            ask()
