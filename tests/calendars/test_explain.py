"""How a deadline was computed, as people read it."""

from datetime import date, timedelta
from itertools import starmap

import pytest

from kit.working_days import at, office, own_day
from loopline.calendars.calendar import WorkingCalendar
from loopline.calendars.explain import Computation, compute
from loopline.calendars.holidays import book_of
from loopline.calendars.limits import parse_limit
from loopline.errors import NotValid
from loopline.language import Messages

MESSAGES = Messages()


def _computation(start: str, limit: str, paused: int = 0) -> Computation:
    return compute(office(), at(start), parse_limit(limit), timedelta(minutes=paused))


@pytest.mark.parametrize(
    ("start", "limit", "zh", "en"),
    [
        (
            "03-06 17:30",
            "PT4H",
            "周五 2026-03-06 17:30 + 工作时间 4 小时 → 周一 2026-03-09 14:00："
            "周五 03-06 17:30–18:00（30 分钟）；周六 03-07 至 周日 03-08 休息；"
            "周一 03-09 09:00–12:00、13:30–14:00（3 小时 30 分钟）"
            "（日历：办公时间，Asia/Shanghai）",
            "Fri 2026-03-06 17:30 + 4 h of working time → Mon 2026-03-09 14:00: "
            "Fri 03-06 17:30–18:00 (30 min); Sat 03-07 to Sun 03-08 off; "
            "Mon 03-09 09:00–12:00, 13:30–14:00 (3 h 30 min) (calendar: Office, Asia/Shanghai)",
        ),
        (
            "09-18 16:00",
            "P1D",
            "周五 2026-09-18 16:00 + 1 个工作日 → 周日 2026-09-20 16:00："
            "周五 09-18 16:00–18:00（2 小时）；周六 09-19 休息；"
            "周日 09-20 上班（国庆节调休） 09:00–12:00、13:30–16:00（5 小时 30 分钟）"
            "（日历：办公时间，Asia/Shanghai）",
            "Fri 2026-09-18 16:00 + 1 working day → Sun 2026-09-20 16:00: "
            "Fri 09-18 16:00–18:00 (2 h); Sat 09-19 off; "
            "Sun 09-20 worked (making up for National Day) 09:00–12:00, 13:30–16:00 (5 h 30 min) "
            "(calendar: Office, Asia/Shanghai)",
        ),
    ],
)
def test_the_way_is_told_day_by_day(start: str, limit: str, zh: str, en: str) -> None:
    told = _computation(start, limit).explain(MESSAGES)
    assert (told["zh"], told["en"]) == (zh, en)


def test_full_days_in_a_row_are_told_together() -> None:
    told = _computation("03-02 10:00", "P4D").explain(MESSAGES)
    assert "周二 03-03 至 周四 03-05 共 3 个工作日（22 小时 30 分钟）" in told["zh"]


def test_a_long_way_is_told_in_sums_with_its_holidays() -> None:
    told = _computation("09-07 10:00", "P20D").explain(MESSAGES)["en"]
    for part in (
        "21 working days in all (150 h)",
        "Thu 10-01 to Wed 10-07 off (National Day)",
        "Sun 09-20, Sat 10-10 worked (making up for National Day)",
        "3 ordinary days off",
    ):
        assert part in told


def test_time_that_was_paused_is_told() -> None:
    told = _computation("03-02 09:00", "PT2H", paused=65).explain(MESSAGES)
    assert "+ 工作时间 2 小时 + 暂停 1 小时 5 分钟 → 周一 2026-03-02 13:35" in told["zh"]


def test_days_whose_holidays_are_not_announced_are_told_and_never_silent() -> None:
    last = office().holidays.last
    known, unknown = (
        compute(office(), at(f"{day} 10:00:00"), parse_limit("P1D"))
        for day in (last - timedelta(days=14), last + timedelta(days=10))
    )
    assert known.is_known
    assert not unknown.is_known
    assert "尚未公布" in unknown.explain(MESSAGES)["zh"]
    assert "not announced yet" in unknown.explain(MESSAGES)["en"]


def test_a_year_that_the_calendar_settles_itself_is_known() -> None:
    year = office().holidays.last.year + 1
    base = office()
    days = dict(starmap(own_day, [(f"{year}-02-08",)]))
    calendar = WorkingCalendar(
        id="own",
        zone=base.zone,
        week=base.week,
        holidays=base.holidays,
        days=days,
        settled=frozenset({year}),
    )
    assert compute(calendar, at(f"{year}-03-01 10:00:00"), parse_limit("P1D")).is_known


def test_the_book_knows_whole_years_but_the_last_week() -> None:
    book = book_of("CN")
    assert book.first.month == book.first.day == 1
    assert (book.last.month, book.last.day) == (12, 24)
    assert book.last >= date(2026, 12, 24)
    assert not book.knows(date(book.last.year, 12, 25))
    assert not book.knows(date(book.first.year - 1, 12, 31))


def test_a_country_without_a_book_is_refused() -> None:
    with pytest.raises(NotValid, match=r"calendar\.country"):
        book_of("XX")
