"""Deadlines computed by hand on a wall calendar of 2026, over breaks, weekends and holidays.

Office hours 09:00–12:00 and 13:30–18:00, Monday to Friday, holidays of China. In 2026: Spring
Festival Sun 02-15 to Mon 02-23, made up on Sat 02-14 and Sat 02-28; Labour Day Fri 05-01 to Tue
05-05, made up on Sat 05-09; Mid-autumn Fri 09-25 to Sun 09-27; National Day Thu 10-01 to Wed
10-07, made up on Sun 09-20 and Sat 10-10.
"""

from datetime import timedelta
from itertools import starmap

import pytest

from kit.working_days import at, office, own_day, weekly
from loopline.calendars.calendar import WorkingCalendar
from loopline.calendars.explain import compute
from loopline.calendars.limits import parse_limit
from loopline.calendars.ranges import parse_ranges

HOURS = [
    # within a day
    ("03-02 09:00", "PT1H", "03-02 10:00"),
    ("03-02 09:00", "PT3H", "03-02 12:00"),
    ("03-02 08:00", "PT1H", "03-02 10:00"),
    # over the lunch break
    ("03-02 11:30", "PT1H", "03-02 14:00"),
    ("03-02 12:00", "PT1M", "03-02 13:31"),
    ("03-02 12:45", "PT1H", "03-02 14:30"),
    ("03-02 10:00", "PT6H30M", "03-02 18:00"),
    # over a night
    ("03-02 17:30", "PT1H", "03-03 09:30"),
    ("03-02 18:00", "PT1M", "03-03 09:01"),
    ("03-02 23:00", "PT4H", "03-03 14:30"),
    ("03-02 09:00", "PT7H30M", "03-02 18:00"),
    ("03-02 09:00", "PT15H", "03-03 18:00"),
    # over a weekend
    ("03-06 17:30", "PT4H", "03-09 14:00"),
    ("03-07 10:00", "PT2H", "03-09 11:00"),
    ("03-08 23:59", "PT2H", "03-09 11:00"),
    # over holidays
    ("02-13 17:30", "PT1H", "02-14 09:30"),
    ("02-14 17:00", "PT2H", "02-24 10:00"),
    ("02-18 12:00", "PT3H", "02-24 12:00"),
    ("04-30 17:00", "PT2H", "05-06 10:00"),
    ("09-24 13:30", "PT5H", "09-28 09:30"),
    ("09-30 17:00", "PT4H", "10-08 12:00"),
    # on days that make up for them
    ("05-08 17:30", "PT1H", "05-09 09:30"),
    ("05-09 17:30", "PT1H", "05-11 09:30"),
    ("09-19 10:00", "PT3H30M", "09-20 14:00"),
    ("10-09 16:00", "PT10H", "10-12 09:30"),
    ("10-10 16:00", "PT2H", "10-10 18:00"),
]
DAYS = [
    ("03-02 10:00", "P1D", "03-03 10:00"),
    ("03-02 10:00", "P3D", "03-05 10:00"),
    ("03-05 16:20", "P3D", "03-10 16:20"),
    ("03-06 19:00", "P1D", "03-10 09:00"),
    ("03-07 10:00", "P3D", "03-12 09:00"),
    ("03-02 12:30", "P1D", "03-03 13:30"),
    ("02-13 10:00", "P1D", "02-14 10:00"),
    ("02-13 10:00", "P2D", "02-24 10:00"),
    ("02-16 10:00", "P5D", "03-02 09:00"),
    ("09-18 10:00", "P1D", "09-20 10:00"),
    ("09-24 17:00", "P4D", "10-08 17:00"),
    ("03-06 10:00", "P1DT4H", "03-09 15:30"),
    ("03-02 17:00", "P2DT2H", "03-05 10:00"),
]


def _due(calendar: WorkingCalendar, start: str, limit: str):
    return compute(calendar, at(start), parse_limit(limit)).due


@pytest.mark.parametrize(("start", "limit", "due"), HOURS)
def test_working_hours(start: str, limit: str, due: str) -> None:
    assert _due(office(), start, limit) == at(due)


@pytest.mark.parametrize(("start", "limit", "due"), DAYS)
def test_working_days(start: str, limit: str, due: str) -> None:
    assert _due(office(), start, limit) == at(due)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("03-02 09:00", "03-02 18:00", 7.5),
        ("03-02 11:00", "03-02 14:00", 1.5),
        ("03-06 17:00", "03-09 10:00", 2),
        ("03-07 00:00", "03-08 23:59", 0),
        ("09-24 09:00", "09-28 18:00", 15),
        ("02-13 09:00", "03-02 09:00", 52.5),
        ("03-02 14:00", "03-02 11:00", -1.5),
    ],
)
def test_working_time_between(start: str, end: str, hours: float) -> None:
    assert office().working_between(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("end", "minutes", "start"),
    [
        ("03-02 14:00", 60, "03-02 11:30"),
        ("03-09 10:00", 240, "03-06 15:00"),
        ("10-08 10:00", 120, "09-30 17:00"),
        ("03-02 09:00", 30, "02-28 17:30"),
    ],
)
def test_working_time_before(end: str, minutes: int, start: str) -> None:
    assert office().add_working(at(end), -timedelta(minutes=minutes)) == at(start)


@pytest.mark.parametrize(
    ("moment", "first"),
    [
        ("03-02 09:00", "03-02 09:00"),
        ("03-02 12:00", "03-02 13:30"),
        ("03-06 18:00", "03-09 09:00"),
        ("10-01 09:00", "10-08 09:00"),
    ],
)
def test_the_next_working_moment(moment: str, first: str) -> None:
    assert office().next_working(at(moment)) == at(first)
    assert office().is_working(at(moment)) == (moment == first)


def test_days_of_its_own_go_before_public_ones() -> None:
    own = dict(
        starmap(
            own_day, [("2026-03-03",), ("2026-03-07", "10:00-12:00"), ("2026-10-02", "09:00-10:00")]
        )
    )
    base = office()
    calendar = WorkingCalendar(
        id="own", zone=base.zone, week=base.week, holidays=base.holidays, days=own
    )
    assert _due(calendar, "03-02 17:30", "PT1H") == at("03-04 09:30")
    assert _due(calendar, "03-06 17:30", "PT1H") == at("03-07 10:30")
    assert _due(calendar, "03-06 16:00", "P1D") == at("03-07 12:00")
    assert _due(calendar, "09-30 17:30", "PT2H") == at("10-08 09:30")


def test_a_shift_over_midnight_is_two_ranges() -> None:
    night = weekly(parse_ranges(["00:00-06:00", "22:00-24:00"]), 0, 1, 2, 3, 4)
    assert _due(night, "03-02 23:00", "PT3H") == at("03-03 02:00")
    assert _due(night, "03-06 23:00", "PT2H") == at("03-09 01:00")


def test_an_hour_that_the_clocks_skip_is_not_worked() -> None:
    berlin = weekly(parse_ranges(["00:00-06:00"]), 6, zone="Europe/Berlin")
    day = berlin.spans(at("2026-03-29 12:00").date())
    assert sum((closes - opens for opens, closes in day), timedelta()) == timedelta(hours=5)
    autumn = berlin.spans(at("2026-10-25 12:00").date())
    assert sum((closes - opens for opens, closes in autumn), timedelta()) == timedelta(hours=7)


def test_a_calendar_of_all_hours_counts_the_clock() -> None:
    always = WorkingCalendar.always("Asia/Shanghai")
    assert _due(always, "03-07 22:00", "PT5H") == at("03-08 03:00")
    assert _due(always, "03-06 22:00", "P2D") == at("03-08 22:00")
