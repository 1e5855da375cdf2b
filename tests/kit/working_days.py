"""Calendars to compute on, and short ways to write moments."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from loopline.calendars.calendar import WorkingCalendar, WorkingDay
from loopline.calendars.holidays import book_of
from loopline.calendars.ranges import Ranges, parse_ranges
from loopline.language import Label

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = parse_ranges(["09:00-12:00", "13:30-18:00"])
"""Seven and a half hours with a lunch break."""


def office(zone: str = "Asia/Shanghai", country: str = "CN") -> WorkingCalendar:
    """Answer Monday to Friday in office hours, with the public holidays of China."""
    return WorkingCalendar(
        id="office",
        label=Label({"zh": "办公时间", "en": "Office"}),
        zone=zone,
        week=(OFFICE,) * 5 + ((),) * 2,
        holidays=book_of(country),
        make_up=OFFICE,
    )


def weekly(ranges: Ranges, *days: int, zone: str = "Asia/Shanghai") -> WorkingCalendar:
    """Answer a calendar with the same ranges on some weekdays (Monday is 0), no holidays."""
    week = tuple(ranges if day in days else () for day in range(7))
    return WorkingCalendar(id="weekly", zone=zone, week=week)


def own_day(text: str, *ranges: str) -> tuple[date, WorkingDay]:
    """Answer an entry for a calendar's own days."""
    day = date.fromisoformat(text)
    name = Label({"zh": "公司日", "en": "Company day"})
    return day, WorkingDay(day=day, ranges=parse_ranges(ranges), reason=name)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """Answer the moment of ``MM-DD HH:MM`` in 2026, or of a text with its year."""
    written = text if len(text) > 11 else f"2026-{text}"
    return datetime.fromisoformat(written).replace(tzinfo=zone).astimezone(UTC)
