"""The job table and its moves: enqueue, claim, finish, fail, give up.

A job is claimed for the length of a lease with a fresh token. Whoever finishes it must still hold
that token, so a worker that was thought dead cannot commit on top of its successor.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.inserts import insert_columns
from loopline.store.system import metadata
from loopline.store.types import KEY, TEXT, Moment

job = sa.Table(
    "ll_job",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("payload", TEXT, nullable=False),
    sa.Column("state", TEXT, nullable=False),  # ready, running, done, dead
    sa.Column("due", Moment(), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", Moment()),
    sa.Column("lease_token", TEXT),
    sa.Column("unique_key", TEXT, unique=True),
    sa.Column("error", TEXT),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("finished_at", Moment()),
    sa.Index("ix_ll_job_state", "state", "due"),
)
MOST_ATTEMPTS: Final = 8
LOST: Final = "the lease was lost"
_FIRST_RETRY: Final = timedelta(seconds=5)
_ONCE: Final = {
    name: make(job)
    .values({one: sa.bindparam(one) for one in ("kind", "payload", "due", "created_at")})
    .values(state="ready", attempts=0, unique_key=sa.bindparam("unique_key"))
    .on_conflict_do_nothing(index_elements=[job.c.unique_key])
    .returning(job.c.id)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """A claimed job."""

    id: int
    kind: str
    payload: Mapping[str, Any]
    attempts: int
    lease_token: str


def enqueue(
    connection: sa.Connection,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    *,
    unique_key: str | None = None,
) -> bool:
    """Add a job in the caller's transaction; a second one under the same key is no job."""
    entered = {
        "kind": kind,
        "payload": orjson.dumps(payload).decode(),
        "due": now,
        "unique_key": unique_key,
        "created_at": now,
    }
    return connection.execute(_ONCE[connection.dialect.name], entered).first() is not None


def enqueue_all(
    connection: sa.Connection, kind: str, payloads: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    """Add a job for each payload in the caller's transaction, by one statement."""
    if payloads:
        many = len(payloads)
        columns: dict[str, Sequence[object]] = {
            "kind": [kind] * many,
            "payload": [orjson.dumps(one).decode() for one in payloads],
            "state": ["ready"] * many,
            "due": [now] * many,
            "attempts": [0] * many,
            "created_at": [now] * many,
        }
        insert_columns(connection, job, columns)


def claim(
    connection: sa.Connection,
    now: datetime,
    lease: timedelta,
    lost_before: datetime | None = None,
) -> Job | None:
    """Take the oldest job that is due, or whose lease has run out; None if there is none.

    A lease is lost when it ran out before ``lost_before``, now if that is not given. A job that
    lost it in its last attempt is not claimed again; :func:`give_up_lost` ends it.
    """
    ready = (job.c.state == "ready") & (job.c.due <= now)
    lost = _lost(lost_before or now) & (job.c.attempts < MOST_ATTEMPTS)
    query = sa.select(job).where(ready | lost).order_by(job.c.due, job.c.id).limit(1)
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    token = secrets.token_hex(8)
    connection.execute(
        job.update()
        .where(job.c.id == row.id)
        .values(
            state="running",
            attempts=row.attempts + 1,
            lease_until=now + lease,
            lease_token=token,
        )
    )
    return Job(
        id=row.id,
        kind=row.kind,
        payload=orjson.loads(row.payload),
        attempts=row.attempts + 1,
        lease_token=token,
    )


def give_up_lost(connection: sa.Connection, now: datetime, lost_before: datetime) -> list[Job]:
    """Give up the jobs that lost their lease in the last attempt; answer them."""
    hopeless = job.update().where(_lost(lost_before) & (job.c.attempts >= MOST_ATTEMPTS))
    ended = hopeless.values(error=LOST, **_given_up(now)).returning(
        job.c.id, job.c.kind, job.c.payload, job.c.attempts
    )
    return [
        Job(
            id=row.id,
            kind=row.kind,
            payload=orjson.loads(row.payload),
            attempts=row.attempts,
            lease_token="",
        )
        for row in connection.execute(ended)
    ]


def renew(connection: sa.Connection, claimed: Job, now: datetime, lease: timedelta) -> bool:
    """Keep a long job; answer False when somebody else has taken it over."""
    return _held(connection, claimed, lease_until=now + lease)


def finish(connection: sa.Connection, claimed: Job, now: datetime) -> bool:
    """Mark a job done; answer False when the lease was lost, and then nothing may be committed."""
    return _held(
        connection,
        claimed,
        state="done",
        finished_at=now,
        lease_token=None,
        unique_key=None,
    )


def fail(
    connection: sa.Connection, claimed: Job, now: datetime, error: str, *, final: bool = False
) -> bool:
    """Put a job back with a growing delay; give it up after the last attempt or a final error."""
    if final or claimed.attempts >= MOST_ATTEMPTS:
        return _held(connection, claimed, error=error, **_given_up(now))
    due = now + _FIRST_RETRY * 2 ** (claimed.attempts - 1)
    return _held(connection, claimed, state="ready", error=error, due=due, lease_token=None)


def give_back(connection: sa.Connection, claimed: Job, now: datetime) -> bool:
    """Put a job back as it was before it was claimed; answer False when the lease was lost."""
    before = claimed.attempts - 1
    return _held(connection, claimed, state="ready", due=now, attempts=before, lease_token=None)


def _lost(before: datetime) -> sa.ColumnElement[bool]:
    return (job.c.state == "running") & (job.c.lease_until < before)


def _given_up(now: datetime) -> dict[str, Any]:
    return {"state": "dead", "finished_at": now, "lease_token": None, "unique_key": None}


def _held(connection: sa.Connection, claimed: Job, **values: object) -> bool:
    mine = (job.c.id == claimed.id) & (job.c.lease_token == claimed.lease_token)
    return connection.execute(job.update().where(mine).values(**values)).rowcount == 1
