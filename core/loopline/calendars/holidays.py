"""Public holidays and make-up days, from libraries, with the days up to which they are known.

Governments announce them a year ahead at most. What lies beyond is never answered as if it were
an ordinary day without saying so: a book tells which days it knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from loopline.errors import NotValid, Problem
from loopline.language import Label

CHINA: Final = "CN"


@dataclass(frozen=True, kw_only=True, slots=True)
class SpecialDay:
    """A public holiday, or a day off that is worked in exchange for one (``works``)."""

    name: Label
    works: bool


class HolidayBook(Protocol):
    """The public holidays of a country."""

    def special(self, day: date) -> SpecialDay | None:
        """Answer what is special about a day; None for an ordinary or an unknown one."""
        ...

    def knows(self, day: date) -> bool:
        """Whether the holidays around that day have been announced and are held here."""
        ...


class NoHolidays:
    """The book of a calendar that keeps no public holidays: nothing is special, all is known."""

    def special(self, day: date) -> SpecialDay | None:
        """Answer None."""
        return None

    def knows(self, day: date) -> bool:
        """Answer True."""
        return True


class BookOfDays:
    """A book with its days written out, known from the first to the last of them."""

    def __init__(self, days: Mapping[date, SpecialDay], first: date, last: date) -> None:
        self._days = days
        self.first = first
        self.last = last

    def special(self, day: date) -> SpecialDay | None:
        """Answer what is special about a day."""
        return self._days.get(day)

    def knows(self, day: date) -> bool:
        """Whether the day lies between the first and the last that are known."""
        return self.first <= day <= self.last


def book_of(country: str) -> HolidayBook:
    """Answer the book of a country by ISO 3166 code; the empty one for no country.

    Raises NotValid for a country whose holidays are not held.
    """
    if not country:
        return NoHolidays()
    if country != CHINA:
        params = {"country": country, "known": CHINA}
        raise NotValid(Problem("holidays", "calendar.country", params))
    return chinese_holidays()


def chinese_holidays() -> BookOfDays:
    """Answer the holidays of mainland China by the yearly notices of the State Council.

    The notice for a year may also move days at the end of December before it (as that for 2019
    did), so that the last week of the last year held is not known yet.
    """
    from chinese_calendar.constants import Holiday, holidays, workdays

    off = {
        one.value: SpecialDay(name=Label({"zh": one.chinese, "en": one.value}), works=False)
        for one in Holiday
    }
    worked = {name: _made_up(day) for name, day in off.items()}
    days = {day: off[name] for day, name in holidays.items()}
    days |= {day: worked[name] for day, name in workdays.items()}
    return BookOfDays(days, date(min(days).year, 1, 1), date(max(days).year, 12, 24))


def _made_up(holiday: SpecialDay) -> SpecialDay:
    """Answer the day that is worked in exchange for a holiday."""
    names = {"zh": f"{holiday.name.to('zh')}调休", "en": f"making up for {holiday.name.to('en')}"}
    return SpecialDay(name=Label(names), works=True)
