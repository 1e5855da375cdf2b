"""When and for whom an expression is evaluated."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

NOBODY: Final = 0
"""The id that ``me`` stands for when nobody is signed in: no record has it, blank is not it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The current time (aware), the zone that says which day it is, and the current user."""

    now: datetime
    zone: str
    me: int | None = None

    def today(self) -> date:
        """Answer the current day in the zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def user(self) -> int:
        """Answer the id of the current user or ``NOBODY``.

        Not None: an anonymous visitor must not match ``owner == me`` on records without owner.
        """
        return NOBODY if self.me is None else self.me

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Answer when ``day`` begins and when the next one does, in UTC."""
        return self._midnight(day.toordinal()), self._midnight(day.toordinal() + 1)

    def _midnight(self, ordinal: int) -> datetime:
        # At the two ends of the calendar the moment itself may not exist in UTC.
        if ordinal <= date.min.toordinal():
            return datetime.min.replace(tzinfo=UTC)
        if ordinal > date.max.toordinal():
            return datetime.max.replace(tzinfo=UTC)
        local = datetime.combine(date.fromordinal(ordinal), time(), ZoneInfo(self.zone))
        return local.astimezone(UTC)


def shifted(day: date, days: int) -> date:
    """Answer the day ``days`` later, or the last or first one the calendar has."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def utc(moment: datetime) -> datetime:
    """Answer an aware moment in UTC, or the last or first one the calendar has."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        edge = datetime.min if moment.year == 1 else datetime.max  # noqa: DTZ901 UTC is set next
        return edge.replace(tzinfo=UTC)
