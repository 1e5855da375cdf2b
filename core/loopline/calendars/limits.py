"""Limits: how long something may take, in working days and working time.

Written as durations of ISO 8601 without years, months and weeks, whose length in working time
nobody could say: ``P3D``, ``PT4H``, ``P1DT2H30M``.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from loopline.errors import NotValid, Problem

_LIMIT: Final = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?)?")


@dataclass(frozen=True, slots=True)
class Limit:
    """Whole working days, then working time on top."""

    days: int = 0
    time: timedelta = timedelta()

    @property
    def minutes(self) -> int:
        """The working time in minutes, beside the days."""
        return int(self.time.total_seconds() // 60)


def parse_limit(text: str) -> Limit:
    """Read a limit. Raises NotValid for what is none, and for one of no length."""
    found = _LIMIT.fullmatch(text)
    days, hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    if not days + hours + minutes:
        raise NotValid(Problem("limit", "clock.limit", {"value": text}))
    return Limit(days, timedelta(hours=hours, minutes=minutes))
