"""Bulk runs in the database: what is done to which records, how far it is, what was refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

bulk_run = sa.Table(
    "ll_bulk_run",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("actor", BIG),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("what", TEXT, nullable=False),  # the act, its settings and the records, as JSON
    sa.Column("state", TEXT, nullable=False),  # running, done
    sa.Column("after", BIG, nullable=False),  # the last record that is behind it
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("refused", sa.Integer, nullable=False),
    sa.Column("reasons", TEXT, nullable=False),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("finished_at", Moment()),
)
MOST_REASONS: Final = 200
Reason = tuple[int, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkRun:
    """A bulk run as it stands; ``reasons`` are (record, message), the first ones only."""

    id: int
    actor: int | None
    entity: str
    what: Mapping[str, Any]
    state: str
    after: int
    total: int
    done: int
    refused: int
    reasons: tuple[Reason, ...]


def insert_run(
    connection: sa.Connection,
    *,
    actor: int | None,
    entity: str,
    what: Mapping[str, Any],
    total: int,
    now: datetime,
) -> int:
    """Write a new run; answer its id."""
    values = {
        "actor": actor,
        "entity": entity,
        "what": orjson.dumps(what).decode(),
        "state": "running",
        "after": 0,
        "total": total,
        "done": 0,
        "refused": 0,
        "reasons": "[]",
        "created_at": now,
    }
    result = connection.execute(bulk_run.insert().values(**values))
    key = result.inserted_primary_key
    return int(key[0]) if key else 0


def read_run(connection: sa.Connection, run: int, *, lock: bool = False) -> BulkRun | None:
    """Answer a run; ``lock`` keeps it from another worker on PostgreSQL."""
    query = sa.select(bulk_run).where(bulk_run.c.id == run)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return None
    return BulkRun(
        id=row.id,
        actor=row.actor,
        entity=row.entity,
        what=orjson.loads(row.what),
        state=row.state,
        after=row.after,
        total=row.total,
        done=row.done,
        refused=row.refused,
        reasons=tuple((record, text) for record, text in orjson.loads(row.reasons)),
    )


def move_run(
    connection: sa.Connection, run: BulkRun, after: int, done: int, reasons: Sequence[Reason]
) -> None:
    """Note a batch: up to which record, how many were done, which were refused and why."""
    kept = [*run.reasons, *reasons][:MOST_REASONS]
    connection.execute(
        bulk_run.update()
        .where(bulk_run.c.id == run.id)
        .values(
            after=after,
            done=run.done + done,
            refused=run.refused + len(reasons),
            reasons=orjson.dumps(kept).decode(),
        )
    )


def finish_run(connection: sa.Connection, run: int, now: datetime) -> None:
    """Mark a run as done."""
    connection.execute(
        bulk_run.update().where(bulk_run.c.id == run).values(state="done", finished_at=now)
    )
