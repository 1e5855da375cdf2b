"""Periods: from a first day on, before the day after the last; named, or given by two days."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from loopline.expr.literals import as_date
from loopline.query.buckets import Buckets, buckets
from loopline.query.document import Counting, Grain
from loopline.settings import Reporting

_UNITS: Final[Mapping[str, tuple[Grain, Counting | None]]] = {
    **{one.value: (one, None) for one in Grain},
    "fiscal_quarter": (Grain.QUARTER, Counting.FISCAL),
    "fiscal_year": (Grain.YEAR, Counting.FISCAL),
    "billing_month": (Grain.MONTH, Counting.BILLING),
    "billing_quarter": (Grain.QUARTER, Counting.BILLING),
}
_PLACES: Final = {"last": -1, "this": 0, "next": 1}
_DAYS: Final = {"yesterday": "last_day", "today": "this_day", "tomorrow": "next_day"}
_ONE: Final = re.compile(rf"(last|this|next)_({'|'.join(_UNITS)})", re.ASCII)
_MANY: Final = re.compile(rf"(last|next)_([1-9][0-9]{{0,3}})_({'|'.join(_UNITS)})s", re.ASCII)
_TO_DATE: Final = re.compile(rf"({'|'.join(_UNITS)})_to_date", re.ASCII)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` on, before ``end``; None leaves a side open."""

    start: date | None
    end: date | None

    @property
    def last(self) -> date | None:
        """The last day."""
        return None if self.end is None else self.end - _ONE_DAY


def read_period(raw: object) -> Period | None:
    """Answer the period of ``{"from": day, "to": day}``, ``to`` not being in it; None for none."""
    if not isinstance(raw, Mapping) or not raw.keys() <= {"from", "to"}:
        return None
    days = {key: as_date(raw.get(key)) for key in ("from", "to")}
    if any(days[key] is None for key, given in raw.items() if given is not None):
        return None
    start, end = days["from"], days["to"]
    if start is not None and end is not None and start >= end:
        return None
    return Period(start, end)


def is_period_name(name: str) -> bool:
    """Whether a text names a period relative to today."""
    return name in _DAYS or any(one.fullmatch(name) for one in (_ONE, _MANY, _TO_DATE))


def named_period(name: str, today: date, rules: Reporting) -> Period:
    """Answer the period that a name means today; ``last_30_days`` counts today in.

    Raises ValueError for a text that names none.
    """
    name = _DAYS.get(name, name)
    if found := _ONE.fullmatch(name):
        within, place = _buckets(found[2], rules), _PLACES[found[1]]
        return _span(within, within.of(today) + place, 1)
    if found := _MANY.fullmatch(name):
        within, many = _buckets(found[3], rules), int(found[2])
        now = within.of(today)
        return _span(within, now - many + 1 if found[1] == "last" else now, many)
    if found := _TO_DATE.fullmatch(name):
        within = _buckets(found[1], rules)
        return Period(within.first(within.of(today)), today + _ONE_DAY)
    raise ValueError(name)


def _buckets(unit: str, rules: Reporting) -> Buckets:
    grain, counting = _UNITS[unit]
    return buckets(grain, counting, rules)


def _span(within: Buckets, number: int, many: int) -> Period:
    return Period(within.first(number), within.first(number + many))
