"""Documents of kind calendar: read into working calendars, and checked beyond their schema."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loopline.calendars.calendar import WorkingCalendar, WorkingDay
from loopline.calendars.holidays import BookOfDays, book_of
from loopline.calendars.ranges import Ranges, parse_ranges
from loopline.errors import NotValid, Problem
from loopline.meta.body import Body

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def build_calendar(name: str, body: Body) -> WorkingCalendar:
    """Build a calendar from its resolved document; its zone is empty where none is written.

    Raises NotValid naming what :func:`calendar_problems` finds.
    """
    week = {day: parse_ranges(one.texts("ranges")) for day, one in body.elements("week")}
    ranges = tuple(week.get(day, ()) for day in WEEKDAYS)
    make_up = week.get(body.text("make_up")) or next(filter(None, ranges), ())
    calendar = WorkingCalendar(
        id=name,
        label=body.label("label"),
        zone=body.text("zone"),
        week=ranges,
        days={
            date.fromisoformat(day): _build_day(day, one, week)
            for day, one in body.elements("days")
        },
        holidays=book_of(body.text("holidays")),
        make_up=make_up,
        settled=frozenset(map(int, body.texts("settled_years"))),
    )
    if not any(ranges):
        raise NotValid(Problem("week", "calendar.no_working_time", {"calendar": name}))
    return calendar


def calendar_problems(body: Body) -> Iterator[Problem]:
    """Yield what is wrong with a calendar that its schema cannot tell."""
    if body.text("zone") and not _is_zone(body.text("zone")):
        yield Problem("zone", "calendar.zone", {"zone": body.text("zone")})
    yield from _of_ranges(body, "week")
    yield from _of_ranges(body, "days")
    week = {day: one.texts("ranges") for day, one in body.elements("week")}
    if not any(week.values()):
        yield Problem("week", "calendar.no_working_time", {"calendar": body.label("label")})
    if body.text("make_up") and not week.get(body.text("make_up")):
        yield Problem("make_up", "calendar.day_rests", {"weekday": body.text("make_up")})
    for day, one in body.elements("days"):
        yield from _of_day(day, one, week)


def calendar_notices(calendar: WorkingCalendar) -> Iterator[Problem]:
    """Yield what a person should know about a calendar that is right as it stands."""
    book = calendar.holidays
    if isinstance(book, BookOfDays):
        yield Problem("holidays", "calendar.known_until", {"day": book.last.isoformat()})


def _of_ranges(body: Body, collection: str) -> Iterator[Problem]:
    for name, one in body.elements(collection):
        try:
            parse_ranges(one.texts("ranges"))
        except NotValid as error:
            for problem in error.problems:
                yield Problem(f"{collection}.{name}.ranges", problem.code, problem.params)


def _of_day(day: str, body: Body, week: dict[str, tuple[str, ...]]) -> Iterator[Problem]:
    try:
        date.fromisoformat(day)
    except ValueError:
        yield Problem(f"days.{day}", "calendar.day", {"day": day})
    given = (body.flag("off"), bool(body.texts("ranges")), bool(body.text("like")))
    if sum(given) != 1:
        yield Problem(f"days.{day}", "calendar.day_choice", {"day": day})
    elif body.text("like") and not week.get(body.text("like")):
        params = {"weekday": body.text("like")}
        yield Problem(f"days.{day}.like", "calendar.day_rests", params)


def _build_day(day: str, body: Body, week: dict[str, Ranges]) -> WorkingDay:
    like = body.text("like")
    ranges = week[like] if like else parse_ranges(body.texts("ranges"))
    label = body.label("label")
    return WorkingDay(day=date.fromisoformat(day), ranges=ranges, reason=label if label else None)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
