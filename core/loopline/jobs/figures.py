"""How the work of a site stands, in numbers: for those who watch over it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from loopline.jobs.queue import job
from loopline.jobs.tables import clock, delivery, mail, schedule


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """``jobs``, ``mails`` and ``deliveries`` are counts by state.

    ``waiting_since`` is when the oldest job that waits was due, ``looked_at`` when a worker last
    looked for work, to the minute; both None where there is none. ``late_clocks`` counts deadlines
    that have come and that no worker has looked at.
    """

    jobs: Mapping[str, int]
    mails: Mapping[str, int]
    deliveries: Mapping[str, int]
    waiting_since: datetime | None
    looked_at: datetime | None
    late_clocks: int


def read_figures(connection: sa.Connection, now: datetime) -> Figures:
    """Count what waits, runs, was done and was given up."""
    waiting = (job.c.state == "ready") & (job.c.due <= now)
    late = clock.c.next_at.is_not(None) & (clock.c.next_at <= now) & clock.c.finished_at.is_(None)
    return Figures(
        jobs=_by_state(connection, job),
        mails=_by_state(connection, mail),
        deliveries=_by_state(connection, delivery),
        waiting_since=connection.execute(sa.select(sa.func.min(job.c.due)).where(waiting)).scalar(),
        looked_at=last_look(connection),
        late_clocks=connection.execute(
            sa.select(sa.func.count()).select_from(clock).where(late)
        ).scalar_one(),
    )


def last_look(connection: sa.Connection) -> datetime | None:
    """Answer when a worker last looked for recurring work: some recurs every minute."""
    return connection.execute(sa.select(sa.func.max(schedule.c.slot))).scalar()


def _by_state(connection: sa.Connection, table: sa.Table) -> dict[str, int]:
    query = sa.select(table.c.state, sa.func.count()).group_by(table.c.state)
    return {str(state): int(count) for state, count in connection.execute(query)}
