"""The trail of the whole site, read by keyset, the newest first."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from loopline.store.changes import ChangeRow, change, change_row


@dataclass(frozen=True, kw_only=True, slots=True)
class TrailFilter:
    """Which lines: of an actor, an entity, an action, between two moments. None is any."""

    actor: int | None = None
    entity: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def read_trail(
    connection: sa.Connection, wanted: TrailFilter, limit: int, before: int | None = None
) -> list[tuple[int, ChangeRow]]:
    """Answer the newest lines, those before a line if one is named, each with its id."""
    query = sa.select(change)
    for name in ("actor", "entity", "action"):
        value = getattr(wanted, name)
        if value is not None:
            query = query.where(change.c[name] == value)
    if wanted.since is not None:
        query = query.where(change.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(change.c.at < wanted.until)
    if before is not None:
        query = query.where(change.c.id < before)
    rows = connection.execute(query.order_by(change.c.id.desc()).limit(limit))
    return [(row.id, change_row(row)) for row in rows]
