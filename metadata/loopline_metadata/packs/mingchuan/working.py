"""Working time: moments fall into office hours, one after the other, never beyond the end."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from loopline_metadata.packs.equipment.season import ZONE, local_day

if TYPE_CHECKING:
    from datetime import date
    from random import Random

_OPENS, _CLOSES = time(8, 40), time(18, 10)
_SATURDAY: Final = 5
_LEAST: Final = timedelta(minutes=20)


def office(random: Random, moment: datetime) -> datetime:
    """Answer a working moment at or after one; at a weekend that of Monday."""
    local = moment.astimezone(ZONE)
    day = local.date()
    if local.time() > _CLOSES:
        day, local = day + timedelta(days=1), local.replace(hour=0, minute=0)
    while day.weekday() >= _SATURDAY:
        day, local = day + timedelta(days=1), local.replace(hour=0, minute=0)
    if day != local.date() or local.time() < _OPENS:
        return at(random, day)
    return datetime.combine(day, local.time(), ZONE)


def at(random: Random, day: date) -> datetime:
    """Answer a moment of a day within office hours."""
    minutes = random.randrange(0, 560)
    opening = datetime.combine(day, _OPENS, ZONE)
    return opening + timedelta(minutes=minutes, seconds=random.randrange(60))


def weekday(day: date) -> date:
    """Answer a day, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= _SATURDAY else day


class Course:
    """The moments of one matter: each in office hours and after the one before."""

    def __init__(self, random: Random, start: datetime, end: datetime) -> None:
        self._random, self.end = random, end
        self.now = start

    @property
    def left(self) -> timedelta:
        """How much time lies between the last moment and the end."""
        return self.end - self.now

    def after(self, days: float) -> datetime | None:
        """Go on by some days; None, without moving, where that lies beyond the end."""
        return self.by(self.now + timedelta(days=days))

    def by(self, moment: datetime) -> datetime | None:
        """Go on to a moment, or shortly after the last one; None where that lies beyond the end."""
        found = office(self._random, max(moment, self.now + _LEAST))
        if found >= self.end:
            return None
        self.now = found
        return found


def day(moment: datetime) -> str:
    """Answer the day of a moment as a value."""
    return local_day(moment).isoformat()
