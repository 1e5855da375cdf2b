"""A working calendar and its arithmetic.

Moments are aware; days and ranges are read on the wall clock of the calendar's zone, and lengths
are measured in real time, so that a night with a change of clocks is as long as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from loopline.calendars.holidays import HolidayBook, NoHolidays
from loopline.calendars.ranges import DAY, Ranges, TimeRange
from loopline.errors import NotValid, Problem
from loopline.language import Label

Span = tuple[datetime, datetime]
"""A stretch of working time, from one UTC moment up to another."""
_ONE_DAY: Final = timedelta(days=1)
_LONGEST_REST: Final = 1000
"""Days without work after which a calendar is taken to have no working time any more."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDay:
    """What a day is: when it is worked, and why it differs from its weekday, if it does."""

    day: date
    ranges: Ranges
    reason: Label | None = None
    known: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingCalendar:
    """When people work: ranges by weekday (Monday first), public holidays, days of its own.

    ``days`` go before the public holidays, which go before the week. ``make_up`` is how a weekday
    without ranges is worked when it makes up for a holiday. ``settled`` are years whose holidays
    stand whole among ``days``.
    """

    id: str
    zone: str
    week: tuple[Ranges, ...]
    label: Label = field(default_factory=lambda: Label({}))
    days: Mapping[date, WorkingDay] = field(default_factory=dict)
    holidays: HolidayBook = field(default_factory=NoHolidays)
    make_up: Ranges = ()
    settled: frozenset[int] = frozenset()

    @classmethod
    def always(cls, zone: str) -> "WorkingCalendar":
        """Answer the calendar of what never rests: all hours of all days."""
        return cls(id="", zone=zone, week=((TimeRange(0, DAY),),) * 7)

    # --- days ----------------------------------------------------------------------------------

    def day(self, day: date) -> WorkingDay:
        """Answer what a day is."""
        own = self.days.get(day)
        if own is not None:
            return own
        ranges = self.week[day.weekday()]
        known = day.year in self.settled or self.holidays.knows(day)
        special = self.holidays.special(day)
        if special is None:
            return WorkingDay(day=day, ranges=ranges, known=known)
        worked = (ranges or self.make_up) if special.works else ()
        return WorkingDay(day=day, ranges=worked, reason=special.name, known=known)

    def in_zone(self, zone: str) -> "WorkingCalendar":
        """Answer the calendar itself where it names a zone, else the same one in ``zone``."""
        return self if self.zone else replace(self, zone=zone)

    def local(self, moment: datetime) -> datetime:
        """Answer a moment on the calendar's wall clock."""
        return moment.astimezone(ZoneInfo(self.zone))

    def count_days(self, after: date, until: date) -> int:
        """Answer how many working days lie after one day, up to and including another."""
        days = (after + timedelta(days=n) for n in range(1, (until - after).days + 1))
        return sum(1 for day in days if self.day(day).ranges)

    # --- moments -------------------------------------------------------------------------------

    def next_working(self, moment: datetime) -> datetime:
        """Answer the first moment from this one on that is worked."""
        start, _ = next(self._spans_from(moment))
        return start

    def is_working(self, moment: datetime) -> bool:
        """Whether that moment is worked."""
        return self.next_working(moment) == moment

    def working_between(self, start: datetime, end: datetime) -> timedelta:
        """Answer the working time from one moment to another; negative backwards."""
        if end < start:
            return -self.working_between(end, start)
        total = timedelta()
        for day in _days(self.local(start).date(), self.local(end).date()):
            for opens, closes in self.spans(day):
                total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def add_working(self, start: datetime, span: timedelta) -> datetime:
        """Answer the first moment by which that much working time has passed since ``start``.

        A negative span answers the last moment from which that much passes until ``start``.
        Raises NotValid where the calendar has no working time left.
        """
        if span < timedelta():
            return self._subtract(start, -span)
        if not span:
            return start.astimezone(UTC)
        left = span
        for opens, closes in self._spans_from(start):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise self._exhausted()

    def add_days(self, start: datetime, days: int) -> datetime:
        """Answer the same time of day that many working days later, or earlier if negative.

        Counting begins at the first working moment from ``start`` on. Where the time of day is not
        worked on the last day, the next that is counts, or else the end of that day.
        """
        if not days:
            return start.astimezone(UTC)
        first = self.local(self.next_working(start) if days > 0 else start)
        last = self._nth_working_day(first.date(), days)
        wanted = self._at(last, first.time())
        spans = self.spans(last)
        opens, closes = next((one for one in spans if wanted < one[1]), spans[-1])
        return min(max(wanted, opens), closes)

    # --- stretches -----------------------------------------------------------------------------

    def spans(self, day: date) -> list[Span]:
        """Answer the stretches of a day that are worked, in UTC and in order."""
        found: list[Span] = []
        earliest = datetime.min.replace(tzinfo=UTC)
        for one in self.day(day).ranges:
            opens = max(self._wall(day, one.start), earliest)
            closes = self._wall(day, one.end)
            if opens < closes:  # the hour that a change of clocks leaves out has no length
                found.append((opens, closes))
                earliest = closes
        return found

    def _spans_from(self, moment: datetime) -> Iterator[Span]:
        """Yield the stretches from a moment on. Raises NotValid after a very long rest."""
        start = moment.astimezone(UTC)
        first, rested = self.local(start).date(), 0
        for number in count():
            spans = [
                (max(opens, start), closes)
                for opens, closes in self.spans(first + timedelta(days=number))
                if closes > start
            ]
            yield from spans
            rested = 0 if spans else rested + 1
            if rested > _LONGEST_REST:
                raise self._exhausted()

    def _subtract(self, end: datetime, span: timedelta) -> datetime:
        until, left, rested = end.astimezone(UTC), span, 0
        day = self.local(until).date()
        while rested <= _LONGEST_REST:
            spans = [(opens, min(closes, until)) for opens, closes in self.spans(day)]
            spans = [(opens, closes) for opens, closes in spans if opens < closes]
            for opens, closes in reversed(spans):
                if left <= closes - opens:
                    return closes - left
                left -= closes - opens
            rested = 0 if spans else rested + 1
            day -= _ONE_DAY
        raise self._exhausted()

    def end_of(self, day: date) -> datetime:
        """Answer when a day's work ends, or the day itself where it is not worked."""
        spans = self.spans(day)
        return spans[-1][1] if spans else self._wall(day, DAY)

    def _nth_working_day(self, after: date, number: int) -> date:
        day, rested, left = after, 0, abs(number)
        while left:
            day += _ONE_DAY if number > 0 else -_ONE_DAY
            rested = 0 if self.spans(day) else rested + 1
            left -= not rested
            if rested > _LONGEST_REST:
                raise self._exhausted()
        return day

    def _wall(self, day: date, minutes: int) -> datetime:
        if minutes == DAY:
            return self._at(day + _ONE_DAY, time())
        return self._at(day, time(minutes // 60, minutes % 60))

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)

    def _exhausted(self) -> NotValid:
        params = {"calendar": self.id}
        return NotValid(Problem("week", "calendar.no_working_time", params))


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)
