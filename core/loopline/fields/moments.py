"""Dates and times as people and files write them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import TypeGuard
from zoneinfo import ZoneInfo

from loopline.fields.base import Locale, Unreadable
from loopline.fields.cleaning import excerpt, narrow

_YEAR_FIRST = re.compile(
    r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?)", re.ASCII
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_NAMED = re.compile(
    r"(?:(\d{1,2})[ -]([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2}),?)[ -](\d{4})", re.ASCII | re.I
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_BASIC = re.compile(r"(\d{8})[T ]?(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4}|)", re.ASCII | re.I)
_ISO_START = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)
_SPLIT = re.compile(
    r"(?P<day>.*?[\d日号])(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:(?:\s+|(?<=\d)T|(?<=[日号]))(?P<time>(?:[上下中]午|凌晨|早上|晚上)?\s*\d{1,2}\s*[:时點点].*))?",
    re.ASCII | re.I | re.S,
)
_TIME = re.compile(
    r"""(?P<half>[上下中]午|凌晨|早上|晚上)?\s*(?P<hour>\d{1,2})\s*
    (?: : (?P<minute>\d\d) (?: : (?P<second>\d\d) (?:[.,](?P<fraction>\d{1,9}))? )?
      | [时點点] (?: (?P<fen>\d{1,2}) 分? (?: (?P<miao>\d{1,2}) 秒 )? | (?P<ban>半) )? )
    \s*(?P<meridiem>[ap]\.?m\.?)?
    \s*(?P<zone>Z|UTC|GMT)?(?P<offset>[+-]\d\d(?::?\d\d){0,2})?""",
    re.VERBOSE | re.ASCII | re.I,
)
_EARLY = frozenset({"上午", "凌晨", "早上", "am"})
_LATE = frozenset({"下午", "晚上", "pm"})
_FIRST_YEAR = 1000  # below it stand typing errors such as 0026
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(1, 2_958_466)  # to 9999-12-31
_FIRST_COMPACT = 10_000_000
_YEARS = range(1900, 2101)


def read_date_text(text: str, locale: Locale) -> date:
    """Answer the calendar day that ``text`` names; any time in it is left out.

    A time with an offset is the day it is in the locale's zone, except midnight, which programs
    write for a bare day. Raises Unreadable.
    """
    moment = read_moment_text(text, locale)
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None or moment.time() == time():
        return moment.date()
    return local(moment, locale).date()


def read_moment_text(text: str, locale: Locale) -> date | datetime:
    """Answer the day, or the moment when a time is given; aware when an offset is.

    Raises Unreadable.
    """
    plain = narrow(text)
    if locale.date_format:
        told = _read_as_told(plain, locale.date_format)
        if told is not None:
            return told
    if basic := _BASIC.fullmatch(plain):
        plain = f"{basic[1]} {basic[2]}:{basic[3]}:{basic[4] or '00'}{basic[5]}"
    parts = _SPLIT.fullmatch(plain)
    if parts is None:
        raise Unreadable("date.unreadable", text=excerpt(text))
    day = _read_day(parts["day"].strip(), text)
    return _with_time(day, parts["time"], text) if parts["time"] else day


def read_clock_text(text: str) -> time | None:
    """Answer the time of day that ``text`` names, to the second; None when it names none."""
    found = _TIME.fullmatch(text.strip())
    if found is None or found["zone"] or found["offset"]:
        return None
    minute = 30 if found["ban"] else int(found["minute"] or found["fen"] or 0)
    try:
        return time(_hour(found), minute, int(found["second"] or found["miao"] or 0))
    except ValueError:
        return None


def is_serial(cell: object) -> TypeGuard[int | float | Decimal]:
    """Answer whether a cell is a number that counts days, rather than ``20260131``.

    Raises Unreadable for a number that is neither.
    """
    if not isinstance(cell, int | float | Decimal):
        return False
    odd = isinstance(cell, bool) or (isinstance(cell, Decimal) and cell.is_nan())
    if odd or not -_FIRST_COMPACT < cell < 10 * _FIRST_COMPACT:
        raise Unreadable("date.unreadable", text=excerpt(cell))
    return cell < _FIRST_COMPACT


def read_serial(number: float, text: object) -> datetime:
    """Answer the naive moment of a spreadsheet's serial number (1900 system). Raises Unreadable."""
    days = int(number)
    if days not in _SERIALS or days in _YEARS:  # a bare year is no serial number
        raise Unreadable("date.unreadable", text=excerpt(text))
    if days < 60:  # the 1900 system counts a 29 February 1900 that never was
        days += 1
    seconds = round(number % 1 * 86_400_000) / 1000
    return datetime.combine(_SERIAL_ZERO, time()) + timedelta(days=days, seconds=seconds)


def to_utc(moment: datetime, locale: Locale) -> datetime:
    """Answer the moment in UTC; a naive one is in the locale's zone.

    A local time that a clock change skips is read with the offset before it, one that comes twice
    is the first (RFC 5545, section 3.3.5). Raises Unreadable ``date.range``.
    """
    aware = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(locale.zone))
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:
        raise Unreadable("date.range", first=_FIRST_YEAR) from None
    if utc.year < _FIRST_YEAR:
        raise Unreadable("date.range", first=_FIRST_YEAR)
    return utc


def local(moment: datetime, locale: Locale) -> datetime:
    """Answer the moment on the locale's clocks; at the end of time it stays in UTC."""
    try:
        return moment.astimezone(ZoneInfo(locale.zone))
    except OverflowError:
        return moment


def day_of(year: int, month: int, day: int, text: object) -> date:
    """Answer the day. Raises Unreadable when the calendar has none."""
    if year < _FIRST_YEAR:
        raise Unreadable("date.range", first=_FIRST_YEAR)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable("date.no_such_day", text=excerpt(text)) from None


def _read_as_told(text: str, pattern: str) -> datetime | None:
    """Answer the moment by the pattern, None for an ISO text that cannot be mistaken for it."""
    try:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007 (the zone is added by to_utc)
    except ValueError:
        if _ISO_START.match(text) and not pattern.startswith("%Y"):
            return None
        raise Unreadable("date.format", text=excerpt(text), pattern=pattern) from None
    day_of(moment.year, moment.month, moment.day, text)
    return moment


def _read_day(day: str, text: str) -> date:
    if found := _YEAR_FIRST.fullmatch(day):
        return day_of(int(found[1]), int(found[3] or found[5]), int(found[4] or found[6]), text)
    if found := _COMPACT.fullmatch(day):
        return day_of(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _YEAR_LAST.fullmatch(day):
        return _day_or_month_first(int(found[1]), int(found[3]), int(found[4]), text)
    found = _NAMED.fullmatch(day)
    month = (found[2] or found[3])[:3].lower() if found else ""
    if found is None or month not in _MONTHS:
        raise Unreadable("date.unreadable", text=excerpt(text))
    return day_of(int(found[5]), _MONTHS.index(month) + 1, int(found[1] or found[4]), text)


def _day_or_month_first(first: int, second: int, year: int, text: str) -> date:
    if first != second and max(first, second) <= 12:
        raise Unreadable("date.ambiguous", text=excerpt(text))
    day, month = (first, second) if first > 12 else (second, first)
    return day_of(year, month, day, text)


def _with_time(day: date, text: str, whole: str) -> datetime:
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise Unreadable("datetime.unreadable", text=excerpt(whole))
    minute = 30 if found["ban"] else int(found["minute"] or found["fen"] or 0)
    second = int(found["second"] or found["miao"] or 0)
    micro = int((found["fraction"] or "0").ljust(6, "0")[:6])
    try:
        at = time(_hour(found), minute, second, micro, _zone(found))
    except ValueError:
        raise Unreadable("datetime.unreadable", text=excerpt(whole)) from None
    return datetime.combine(day, at)


def _hour(found: re.Match[str]) -> int:
    hour = int(found["hour"])
    half = found["half"] or (found["meridiem"] or "").replace(".", "").lower()
    if half in _EARLY and hour > 12:
        raise ValueError(hour)
    if half in _EARLY:
        return hour % 12
    if half == "晚上" and hour == 12:  # midnight of which day? people mean either
        raise ValueError(hour)
    if (half in _LATE and hour < 12) or (half == "中午" and hour < 3):
        return hour + 12
    return hour


def _zone(found: re.Match[str]) -> timezone | None:
    # Some exporters write a literal Z before the true offset; the offset is what they mean.
    if offset := found["offset"]:
        digits = offset[1:].replace(":", "").ljust(6, "0")
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4]), seconds=int(digits[4:]))
        return timezone(-ahead if offset[0] == "-" else ahead)
    return UTC if found["zone"] else None
