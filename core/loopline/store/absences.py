"""Who is away, and who stands in: the entity ``absence``, where the release has it."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from loopline.store.rows import Record, reader
from loopline.store.snapshot import Snapshot

ENTITY: Final = "absence"
_USER, _SUBSTITUTE, _FROM, _UNTIL = "user", "substitute", "from", "until"


def substitutes_of(
    connection: sa.Connection, snapshot: Snapshot, users: Collection[int], at: datetime, zone: str
) -> list[tuple[int, int]]:
    """Answer (absent user, substitute) of those among users who are away at a moment."""
    return list(_pairs(connection, snapshot, (_USER, users), at, zone))


def absent_for(
    connection: sa.Connection, snapshot: Snapshot, users: Collection[int], at: datetime, zone: str
) -> list[tuple[int, int]]:
    """Answer (absent user, substitute) of those for whom one of the users stands in."""
    return list(_pairs(connection, snapshot, (_SUBSTITUTE, users), at, zone))


def _pairs(
    connection: sa.Connection,
    snapshot: Snapshot,
    wanted: tuple[str, Collection[int]],
    at: datetime,
    zone: str,
) -> Iterator[tuple[int, int]]:
    field, users = wanted
    if not users or not snapshot.catalog.has("entity", ENTITY):
        return
    one = snapshot.table(ENTITY)
    if not {_USER, _SUBSTITUTE, _FROM, _UNTIL} <= one.fields.keys():
        return
    read = reader(one)
    query = sa.select(*read.columns).where(
        one.table.c[field].in_(users),
        one.table.c[_USER].is_not(None),
        one.table.c[_SUBSTITUTE].is_not(None),
        one.table.c.deleted_at.is_(None),
    )
    for row in connection.execute(query.order_by(one.table.c.id)):
        record = read.record(row)
        if _covers(record, at, zone):
            yield int(str(record.values[_USER])), int(str(record.values[_SUBSTITUTE]))


def _covers(record: Record, at: datetime, zone: str) -> bool:
    """Whether an absence holds at a moment; days are whole ones in the site's zone."""
    begins, ends = record.values[_FROM], record.values[_UNTIL]
    return not _later(begins, at, zone) and not _earlier(ends, at, zone)


def _later(begins: object, at: datetime, zone: str) -> bool:
    if isinstance(begins, datetime):
        return begins > at
    return isinstance(begins, date) and begins > at.astimezone(ZoneInfo(zone)).date()


def _earlier(ends: object, at: datetime, zone: str) -> bool:
    if isinstance(ends, datetime):
        return ends <= at
    return isinstance(ends, date) and ends < at.astimezone(ZoneInfo(zone)).date()
