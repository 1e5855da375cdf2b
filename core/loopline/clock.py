"""Where time comes from. Everything that needs "now" is handed a clock, never the system's."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """A source of the current time."""

    def now(self) -> datetime:
        """Answer the current moment, aware and in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Answer the current moment, aware and in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands still until it is moved; for tests, seeds and simulations."""

    at: datetime

    def now(self) -> datetime:
        """Answer the moment it stands at."""
        return self.at

    def move(self, by: timedelta) -> None:
        """Advance the clock."""
        self.at += by
