"""When things happen in a year of selling equipment: busy months, working days, two fairs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date
    from random import Random

ZONE: Final = ZoneInfo("Asia/Shanghai")
DAYS: Final = 365
FAIRS: Final = (36, 218)
"""How many days ago the two fairs opened."""
FAIR_LENGTH: Final = 4

# January to December: quiet around Spring Festival, busy in spring and from September on.
_MONTHS: Final = (0.8, 0.45, 1.2, 1.25, 1.1, 0.95, 0.85, 0.8, 1.25, 1.1, 1.3, 1.0)
_SATURDAY: Final = 5
_WEEKEND: Final = 0.08
_FAIR_RUSH: Final = 6.0
_MONTH_END: Final = (25, 1.3)


def moments(random: Random, now: datetime, count: int, *, rush: bool = False) -> list[datetime]:
    """Answer ``count`` working moments of the year before ``now``, oldest first, in UTC.

    With ``rush``, the days of the fairs count six-fold.
    """
    days = range(DAYS)
    weights = [_weight(now, ago, rush=rush) for ago in days]
    chosen = random.choices(days, weights, k=count)
    found = (_working_moment(random, now - timedelta(days=ago)) for ago in chosen)
    return sorted(one if one < now else one - timedelta(days=1) for one in found)


def at_fair(now: datetime, moment: datetime) -> bool:
    """Whether one of the fairs was open on the day of ``moment``."""
    ago = (local_day(now) - local_day(moment)).days
    return any(opened - FAIR_LENGTH < ago <= opened for opened in FAIRS)


def local_day(moment: datetime) -> date:
    """Answer the day of a moment in the company's zone."""
    return moment.astimezone(ZONE).date()


def stamp(moment: datetime) -> str:
    """Answer a moment in RFC 3339."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _weight(now: datetime, ago: int, *, rush: bool) -> float:
    moment = now - timedelta(days=ago)
    day = local_day(moment)
    weight = _MONTHS[day.month - 1]
    if rush and at_fair(now, moment):
        return weight * _FAIR_RUSH
    if day.weekday() >= _SATURDAY:
        return weight * _WEEKEND
    since, factor = _MONTH_END
    return weight * factor if day.day >= since else weight


def _working_moment(random: Random, day: datetime) -> datetime:
    opening = datetime.combine(local_day(day), time(8, 30), ZONE)
    minutes = min(int(random.triangular(0, 600, 120)), 570)
    return (opening + timedelta(minutes=minutes, seconds=random.randrange(60))).astimezone(UTC)
