"""Date and datetime: the forms of people, programs and spreadsheets."""

from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest

from loopline.fields.base import Locale

BERLIN = Locale(zone="Europe/Berlin")


@pytest.mark.parametrize(
    "typed",
    ["2026-01-31", "2026/1/31", "2026.1.31", "2026年1月31日", "2026 年 1 月 31 日 星期六",
     "1/31/2026", "31/1/2026", "20260131", 20260131, "31 Jan 2026", "January 31, 2026",
     "２０２６－０１－３１", 46053, 46053.75, "2026-01-31T00:00:00.000Z",
     "2026-01-31T12:00:00.000Z", "2026-01-30T16:30:00Z", "2026-01-31 23:59",
     date(2026, 1, 31), datetime(2026, 1, 31, 23, 59)],
)  # fmt: skip
def test_date_reads(parse, typed) -> None:
    assert parse("date", typed) == date(2026, 1, 31)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("1/2/2026", "date.ambiguous"),
        ("26-01-31", "date.unreadable"),
        ("2026", "date.unreadable"),
        (2026, "date.unreadable"),
        ("46053", "date.unreadable"),
        ("2026-1/31", "date.unreadable"),
        ("2009\\7\\14", "date.unreadable"),
        (True, "date.unreadable"),
        (time(3), "date.unreadable"),
        ("2026-02-30", "date.no_such_day"),
        ("0026-01-31", "date.range"),
    ],
)
def test_date_refuses(refusal, typed, code) -> None:
    assert refusal("date", typed) == code


def test_spreadsheets_count_a_day_that_never_was(parse) -> None:
    assert [parse("date", serial) for serial in (1, 59, 61)] == [
        date(1900, 1, 1), date(1900, 2, 28), date(1900, 3, 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "pattern"),
    [("1/2/2026", "%d/%m/%Y"), ("2026-02-01", "%d/%m/%Y"), ("2026-01-02", "%Y-%d-%m"),
     ("010226", "%d%m%y")],
)  # fmt: skip
def test_a_mapping_may_say_how_dates_are_written(parse, typed, pattern) -> None:
    assert parse("date", typed, Locale(date_format=pattern)) == date(2026, 2, 1)


def test_a_date_against_the_mapping_is_refused(refusal) -> None:
    assert refusal("date", "2026/1/31", Locale(date_format="%d/%m/%Y")) == "date.format"
    assert refusal("date", "2026-01-31", Locale(date_format="%Y-%d-%m")) == "date.format"


@pytest.mark.parametrize(
    "typed",
    ["2026-01-31 14:30", "2026-01-31T14:30", "2026/1/31 2:30 PM", "2026-01-31 下午2:30",
     "2026年1月31日下午2点30分", "2026年1月31日 14时30分00秒", "2026-01-31 下午2点半",
     "2026-01-31T06:30:00Z", "2026-01-31 06:30:00.000 UTC", "2026-01-31 14:30+08",
     "01/31/2026 14:30:00+0800", "01/31/2026T01:30:00-0500", "2026-01-31T03:30:00.000Z-0300",
     "20260131T063000Z", "20260131143000", 46053.604166666664, datetime(2026, 1, 31, 14, 30),
     datetime(2026, 1, 31, 7, 30, tzinfo=timezone(timedelta(hours=1)))],
)  # fmt: skip
def test_datetime_reads(parse, typed) -> None:
    assert parse("datetime", typed) == datetime(2026, 1, 31, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("上午12:30", 0), ("中午12:30", 12), ("中午1:30", 13), ("晚上8:30", 20), ("凌晨3:30", 3)],
)
def test_halves_of_the_day(parse, typed, hour) -> None:
    read = parse("datetime", f"2026-01-31 {typed}", Locale(zone="UTC"))

    assert read == datetime(2026, 1, 31, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2026-01-31 25:00", "datetime.unreadable"),
        ("2026-01-31 晚上12:00", "datetime.unreadable"),
        ("2026-01-31 14:30 CST", "datetime.unreadable"),
        ("2009\\7\\14 22:14:45+0800", "date.unreadable"),
        ("2009-07/14 02:14:45-0800", "date.unreadable"),
        ("14:30", "date.unreadable"),
    ],
)
def test_datetime_refuses(refusal, typed, code) -> None:
    assert refusal("datetime", typed) == code


@pytest.mark.parametrize(
    ("typed", "hour"), [("2026-03-29 02:30", 1), ("2026-10-25 02:30", 0), ("2026-10-25 03:30", 2)]
)
def test_clock_changes_have_one_reading(parse, typed, hour) -> None:
    assert parse("datetime", typed, BERLIN).hour == hour


def test_datetime_is_shown_on_the_readers_clock(shown) -> None:
    moment = datetime(2026, 1, 31, 6, 30, 15, tzinfo=UTC)

    assert shown("datetime", moment) == "2026-01-31 14:30"
    assert shown("datetime", moment, BERLIN) == "2026-01-31 07:30"
    assert shown("datetime", datetime.max.replace(tzinfo=UTC)) == "9999-12-31 23:59"


@pytest.mark.parametrize("raw", ["2026-01-31T14:30:00", "2026-01-31", 5, "2026-13-31T14:30:00Z"])
def test_json_datetimes_say_their_offset(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"datetime\.rfc3339"):
        from_json("datetime", raw)


@pytest.mark.parametrize("raw", ["2026/01/31", "2026-1-31", 46053])
def test_json_dates_are_iso(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"date\.unreadable"):
        from_json("date", raw)
