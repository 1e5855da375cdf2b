"""How a deadline was computed, as one line that a person can follow on a wall calendar."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from typing import Final

from babel.dates import format_date, format_datetime

from loopline.calendars.calendar import Span, WorkingCalendar, WorkingDay
from loopline.calendars.limits import Limit
from loopline.language import LANGUAGES, Label, Messages

_LOCALES: Final = {"zh": "zh_Hans_CN", "en": "en"}
_MOST_STEPS: Final = 8
"""Steps told one by one; longer ways are told as sums."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Computation:
    """A deadline and what it came from: working time allowed, and paused, from a start on."""

    calendar: WorkingCalendar
    start: datetime
    limit: Limit
    paused: timedelta
    due: datetime

    @property
    def is_known(self) -> bool:
        """Whether the holidays of every day on the way have been announced."""
        return all(one.day.known for one in _steps(self))

    def explain(self, messages: Messages) -> Label:
        """Answer the line in every language."""
        steps = list(_steps(self))
        tellers = {language: _Teller(messages, language) for language in LANGUAGES}
        return Label({language: teller.line(self, steps) for language, teller in tellers.items()})


def compute(
    calendar: WorkingCalendar,
    start: datetime,
    limit: Limit,
    paused: timedelta = timedelta(),
) -> Computation:
    """Compute when a limit ends: its days, then its time, then the working time it was paused.

    Raises NotValid where the calendar has no working time left.
    """
    due = calendar.add_working(calendar.add_days(start, limit.days), limit.time + paused)
    return Computation(calendar=calendar, start=start, limit=limit, paused=paused, due=due)


@dataclass(frozen=True, slots=True)
class _Step:
    """A day on the way, and the parts of it that counted."""

    day: WorkingDay
    parts: tuple[Span, ...]
    whole: bool

    @property
    def worked(self) -> timedelta:
        return sum((closes - opens for opens, closes in self.parts), timedelta())

    @property
    def key(self) -> tuple[bool, bool, str]:
        """Days with the same key are told together."""
        partial = "" if self.whole or not self.parts else self.day.day.isoformat()
        reason = self.day.reason.to("en") if self.day.reason else ""
        return bool(self.parts), self.whole, partial + reason


def _steps(one: Computation) -> Iterator[_Step]:
    first, last = one.calendar.local(one.start).date(), one.calendar.local(one.due).date()
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        spans = one.calendar.spans(day)
        cut = [(max(opens, one.start), min(closes, one.due)) for opens, closes in spans]
        parts = tuple((opens, closes) for opens, closes in cut if opens < closes)
        if parts or not spans:  # a day that was over when the clock began is no step
            yield _Step(one.calendar.day(day), parts, list(parts) == spans)


@lru_cache(maxsize=1_000)  # the days around today are told again with every clock that starts
def _day(day: date, pattern: str, locale: str) -> str:
    return str(format_date(day, pattern, locale=locale))


class _Teller:
    """Writes the line in one language."""

    def __init__(self, messages: Messages, language: str) -> None:
        self._messages = messages
        self._language = language

    def line(self, one: Computation, steps: Sequence[_Step]) -> str:
        groups = [list(group) for _, group in groupby(steps, key=lambda step: step.key)]
        if len(groups) <= _MOST_STEPS:
            told = [self._group(one.calendar, group) for group in groups]
        else:
            told = list(self._sums(steps))
        if not all(step.day.known for step in steps):
            unknown = next(step.day.day for step in steps if not step.day.known)
            told.append(self._say("unknown", day=self._date(unknown, "yyyy-MM-dd")))
        return self._say(
            "line",
            start=self._moment(one.calendar, one.start),
            limit=self._limit(one.limit),
            paused=self._say("paused", time=self._time(one.paused)) if one.paused else "",
            due=self._moment(one.calendar, one.due),
            steps=self._say("between").join(told),
            calendar=one.calendar.label.to(self._language) or self._say("always"),
            zone=one.calendar.zone,
        )

    def _group(self, calendar: WorkingCalendar, group: Sequence[_Step]) -> str:
        days = self._days([step.day.day for step in group])
        reason = self._reason(group[0].day, worked=bool(group[0].parts))
        if not group[0].parts:
            return self._say("rest", days=days, reason=reason)
        time = self._time(sum((step.worked for step in group), timedelta()))
        if len(group) > 1:
            return self._say("run", days=days, count=len(group), time=time, reason=reason)
        parts = self._say("and").join(self._part(calendar, part) for part in group[0].parts)
        return self._say("day", days=days, parts=parts, time=time, reason=reason)

    def _sums(self, steps: Sequence[_Step]) -> Iterator[str]:
        worked = [step for step in steps if step.parts]
        time = self._time(sum((step.worked for step in worked), timedelta()))
        yield self._say("sum", count=len(worked), time=time)
        rest = [step for step in steps if not step.parts]
        ordinary = sum(1 for step in rest if step.day.reason is None)
        if ordinary:
            yield self._say("off", count=ordinary)
        yield from self._named(rest, lambda group: self._group_of_rest(group))
        yield from self._named(worked, lambda group: self._group_of_work(group))

    def _named(self, steps: Sequence[_Step], tell: Callable[[list[_Step]], str]) -> Iterator[str]:
        special = [step for step in steps if step.day.reason is not None]
        for _, group in groupby(special, key=lambda step: step.day.reason):
            yield tell(list(group))

    def _group_of_rest(self, group: Sequence[_Step]) -> str:
        days = self._days([step.day.day for step in group])
        return self._say("rest", days=days, reason=self._reason(group[0].day, worked=False))

    def _group_of_work(self, group: Sequence[_Step]) -> str:
        days = self._say("and").join(self._date(step.day.day, "EEE MM-dd") for step in group)
        return self._say("worked", days=days, reason=self._reason(group[0].day, worked=True))

    def _reason(self, day: WorkingDay, *, worked: bool) -> str:
        if day.reason is None:
            return "" if worked else self._say("ordinary_rest")
        name = day.reason.to(self._language)
        return self._say("special_work" if worked else "special_rest", name=name)

    def _days(self, days: Sequence[date]) -> str:
        first = self._date(days[0], "EEE MM-dd")
        if len(days) == 1:
            return first
        return self._say("from_to", first=first, last=self._date(days[-1], "EEE MM-dd"))

    def _part(self, calendar: WorkingCalendar, part: Span) -> str:
        opens, closes = (f"{calendar.local(moment):%H:%M}" for moment in part)
        return f"{opens}–{'24:00' if closes == '00:00' else closes}"

    def _limit(self, limit: Limit) -> str:
        key = "one_day" if limit.days == 1 else "days"
        days = self._say(key, count=limit.days) if limit.days else ""
        time = self._say("working", time=self._time(limit.time)) if limit.time else ""
        return self._say("and").join(part for part in (days, time) if part)

    def _time(self, span: timedelta) -> str:
        hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
        told = (self._say("hours", count=hours) if hours else "",) + (
            (self._say("minutes", count=minutes),) if minutes or not hours else ()
        )
        return " ".join(part for part in told if part)

    def _moment(self, calendar: WorkingCalendar, moment: datetime) -> str:
        local = calendar.local(moment)
        return str(format_datetime(local, "EEE yyyy-MM-dd HH:mm", locale=_LOCALES[self._language]))

    def _date(self, day: date, pattern: str) -> str:
        return _day(day, pattern, _LOCALES[self._language])

    def _say(self, key: str, **params: object) -> str:
        return self._messages.say(f"calendar.told.{key}", self._language, **params)
