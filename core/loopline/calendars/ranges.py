"""Ranges of a working day: from one wall-clock minute up to, not including, another."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from loopline.errors import NotValid, Problem

DAY: Final = 24 * 60
"""Minutes of a day on the wall clock."""
_RANGE: Final = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


@dataclass(frozen=True, slots=True, order=True)
class TimeRange:
    """A part of a day, in minutes after midnight; ``end`` is not part of it."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{_wall(self.start)}–{_wall(self.end)}"


Ranges = tuple[TimeRange, ...]


def parse_ranges(texts: Iterable[str]) -> Ranges:
    """Read texts such as ``09:00-12:00`` into ranges in order.

    Raises NotValid for a text that is no range within one day, and for ranges that overlap.
    """
    ranges = sorted(map(_parse, texts))
    for before, after in pairwise(ranges):
        if after.start < before.end:
            params = {"first": str(before), "second": str(after)}
            raise NotValid(Problem("ranges", "calendar.overlap", params))
    return tuple(ranges)


def _parse(text: str) -> TimeRange:
    found = _RANGE.fullmatch(text)
    if found is not None:
        hours, minutes, until_hours, until_minutes = map(int, found.groups())
        start, end = hours * 60 + minutes, until_hours * 60 + until_minutes
        if max(minutes, until_minutes) < 60 and start < end <= DAY:
            return TimeRange(start, end)
    raise NotValid(Problem("ranges", "calendar.range", {"value": text}))


def _wall(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
