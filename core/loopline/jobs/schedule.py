"""Recurring jobs: a job is enqueued once at each of its moments, however many workers look.

Each recurring job has one row that holds the newest moment whose job was enqueued. A worker that
finds a newer one moves the row on and enqueues the job in one transaction; a second worker finds
the row moved. Moments that passed while nobody worked are made up for by one job, not by many.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.errors import NotValid, Problem
from loopline.jobs.queue import enqueue
from loopline.jobs.tables import schedule
from loopline.store.engine import Database

_EPOCH: Final = datetime(2000, 1, 3, tzinfo=UTC)
_LAST_DAY_OF_ALL_MONTHS: Final = 28
_RHYTHM: Final = re.compile(
    r"([1-9]\d{0,3})([mh])|(?:daily|monthly ([1-9]|1\d|2[0-8])) ([01]\d|2[0-3]):([0-5]\d)"
)


class Rhythm(Protocol):
    """When a recurring job is due."""

    def last(self, now: datetime) -> datetime:
        """Answer the newest of its moments that is not after ``now``."""
        ...


@dataclass(frozen=True, slots=True)
class Every:
    """Every so many minutes, at the same minutes on every worker."""

    minutes: int

    def last(self, now: datetime) -> datetime:
        """Answer the newest multiple."""
        step = timedelta(minutes=self.minutes)
        return _EPOCH + (now - _EPOCH) // step * step


@dataclass(frozen=True, slots=True)
class Daily:
    """Every day at a time on the wall clock of a zone."""

    at: time
    zone: str

    def last(self, now: datetime) -> datetime:
        """Answer today's moment, or yesterday's before it."""
        today = now.astimezone(ZoneInfo(self.zone)).date()
        moment = _at(datetime.combine(today, self.at), self.zone)
        if moment <= now:
            return moment
        return _at(datetime.combine(today - timedelta(days=1), self.at), self.zone)


@dataclass(frozen=True, slots=True)
class Monthly:
    """Every month on a day that all months have (1–28), at a time on the wall clock of a zone."""

    day: int
    at: time
    zone: str

    def __post_init__(self) -> None:
        if not 1 <= self.day <= _LAST_DAY_OF_ALL_MONTHS:
            raise ValueError(f"not every month has a day {self.day}")

    def last(self, now: datetime) -> datetime:
        """Answer this month's moment, or last month's before it."""
        first = now.astimezone(ZoneInfo(self.zone)).date().replace(day=1)
        before = (first - timedelta(days=1)).replace(day=1)
        moments = [
            _at(datetime.combine(month.replace(day=self.day), self.at), self.zone)
            for month in (first, before)
        ]
        return next(moment for moment in moments if moment <= now)


def read_rhythm(text: str, zone: str) -> Rhythm:
    """Read ``15m``, ``2h``, ``daily 02:30`` or ``monthly 1 02:30`` (on a zone's wall clock).

    Raises NotValid for anything else.
    """
    found = _RHYTHM.fullmatch(text)
    if found is None:
        raise NotValid(Problem("every", "job.rhythm", {"value": text}))
    number, unit, day, hour, minute = found.groups()
    if number:
        return Every(int(number) * (60 if unit == "h" else 1))
    at = time(int(hour), int(minute))
    return Monthly(int(day), at, zone) if day else Daily(at, zone)


@dataclass(frozen=True, kw_only=True, slots=True)
class Recurring:
    """A job that recurs. ``name`` tells it apart, ``kind`` and ``payload`` are the job's."""

    name: str
    kind: str
    rhythm: Rhythm
    payload: Mapping[str, Any] = field(default_factory=dict)


class Schedule:
    """The recurring jobs of a site, as one worker looks after them."""

    def __init__(self, database: Database, jobs: Iterable[Recurring]) -> None:
        self._database = database
        self._jobs = tuple(jobs)
        self._seen: dict[str, datetime] = {}

    def enqueue_due(self, now: datetime) -> int:
        """Enqueue what has become due since the last look; answer how many jobs this one did."""
        fresh = {one.name: one.rhythm.last(now) for one in self._jobs}
        waiting = [one for one in self._jobs if self._seen.get(one.name) != fresh[one.name]]
        if not waiting:  # nothing to ask the database
            return 0
        with self._database.write() as connection:
            added = sum(_advance(connection, one, fresh[one.name], now) for one in waiting)
        self._seen |= fresh
        return added


def _advance(connection: sa.Connection, one: Recurring, slot: datetime, now: datetime) -> bool:
    """Move a job's row on to a moment and enqueue it; False where somebody else has."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    first = make(schedule).values(name=one.name, slot=slot).on_conflict_do_nothing()
    if not connection.execute(first.returning(schedule.c.name)).first():
        older = (schedule.c.name == one.name) & (schedule.c.slot < slot)
        if not connection.execute(schedule.update().where(older).values(slot=slot)).rowcount:
            return False
    return enqueue(connection, one.kind, one.payload, now, unique_key=f"schedule:{one.name}")


def _at(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
