"""How long something may take, in working days and working time, and when that is over.

Limits are durations of ISO 8601 without years, months and weeks: ``P3D`` is the same time of day
three working days later, ``PT4H`` four working hours, ``P1DT2H`` the one and then the other.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from loopline.sdk import Context, WorkingCalendar

_LIMIT: Final = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")


@dataclass(frozen=True, slots=True)
class Limit:
    """Whole working days, then working time on top."""

    days: int
    time: timedelta


def read_limit(said: str) -> Limit:
    """Read a limit; the schemas let pass nothing else. Raises ValueError for what is none."""
    found = _LIMIT.fullmatch(said)
    if found is None:
        raise ValueError(said)
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return Limit(days, timedelta(hours=hours, minutes=minutes))


def calendar_of(ctx: Context, name: str) -> WorkingCalendar:
    """Answer a calendar by id; for none, the one that never rests. Raises NotFound."""
    return ctx.calendar(name) if name else WorkingCalendar.always(ctx.site_zone)


def end_of(
    calendar: WorkingCalendar, start: datetime, limit: Limit, paused: timedelta = timedelta()
) -> datetime:
    """Answer when a limit is over: its days, then its time, then the working time of pauses."""
    return calendar.add_working(calendar.add_days(start, limit.days), limit.time + paused)


def before(calendar: WorkingCalendar, end: datetime, limit: Limit) -> datetime:
    """Answer the moment that lies a limit before an end."""
    return calendar.add_days(calendar.add_working(end, -limit.time), -limit.days)
