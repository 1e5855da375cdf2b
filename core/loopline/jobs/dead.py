"""Dead letters: jobs that were given up, for a person to look at, try again or drop; and tidying.

What was done is deleted after a while, what was given up stays until somebody decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from loopline.clock import Clock
from loopline.errors import NotFound
from loopline.jobs.queue import Job, job
from loopline.store.engine import Database

PRUNE: Final = "job.prune"
KEPT: Final = timedelta(days=7)
"""How long jobs that were done are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadJob:
    """A job that was given up, and why."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    error: str
    created_at: datetime
    finished_at: datetime


def dead(connection: sa.Connection, most: int = 200) -> list[DeadJob]:
    """Answer the jobs that were given up, the newest first."""
    query = sa.select(job).where(job.c.state == "dead").order_by(job.c.id.desc()).limit(most)
    return [
        DeadJob(
            id=row.id,
            kind=row.kind,
            payload=orjson.loads(row.payload),
            attempts=row.attempts,
            error=row.error or "",
            created_at=row.created_at,
            finished_at=row.finished_at,
        )
        for row in connection.execute(query)
    ]


def retry(connection: sa.Connection, number: int, now: datetime) -> None:
    """Have a job that was given up tried again, as if it were new. Raises NotFound."""
    fresh = {"state": "ready", "due": now, "attempts": 0, "finished_at": None, "error": None}
    changed = connection.execute(job.update().where(_given_up(number)).values(**fresh))
    _require(changed.rowcount, number)


def drop(connection: sa.Connection, number: int) -> None:
    """Delete a job that was given up. Raises NotFound."""
    _require(connection.execute(job.delete().where(_given_up(number))).rowcount, number)


def prune(connection: sa.Connection, now: datetime) -> int:
    """Delete the jobs that were done a while ago; answer how many."""
    old = (job.c.state == "done") & (job.c.finished_at < now - KEPT)
    return connection.execute(job.delete().where(old)).rowcount


def tidying_handlers(database: Database, clock: Clock) -> Mapping[str, Callable[[Job], None]]:
    """Answer what deletes jobs that were done a while ago."""

    def tidy(_job: Job) -> None:
        with database.write() as connection:
            prune(connection, clock.now())

    return {PRUNE: tidy}


def _given_up(number: int) -> sa.ColumnElement[bool]:
    return (job.c.id == number) & (job.c.state == "dead")


def _require(count: int, number: int) -> None:
    if not count:
        raise NotFound(code="job.not_dead", id=number)
