"""The trail read by source: what one import, job or bulk act wrote, and who wrote after it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from loopline.store.changes import ChangeRow, change, change_row

_CHUNK: Final = 500


def written_from(
    connection: sa.Connection,
    source: str,
    actor: int | None,
    entities: Collection[str],
    limit: int,
    before: int | None = None,
) -> list[tuple[int, ChangeRow]]:
    """Answer the newest changes of a source to records of some entities, newest first.

    Each with its id; ``before`` is the id of the last of those read before. ``actor`` is in whose
    name the source wrote: the trail is indexed by it.
    """
    query = sa.select(change).where(
        change.c.actor == actor, change.c.source == source, change.c.entity.in_(entities)
    )
    if before is not None:
        query = query.where(change.c.id < before)
    rows = connection.execute(query.order_by(change.c.id.desc()).limit(limit))
    return [(row.id, change_row(row)) for row in rows]


def updates_from(
    connection: sa.Connection, source: str, entity: str, records: Sequence[int]
) -> list[ChangeRow]:
    """Answer the updates of a source to some records, the newest first."""
    where = (change.c.source == source) & (change.c.action == "update")
    return [change_row(row) for row in _rows(connection, sa.select(change), entity, records, where)]


def made_from(
    connection: sa.Connection, source: str, entity: str, records: Sequence[int]
) -> set[int]:
    """Answer those of some records that a source made."""
    return _records(
        connection, entity, records, (change.c.action == "create") & (change.c.source == source)
    )


def touched_besides(
    connection: sa.Connection, sources: Collection[str], entity: str, records: Sequence[int]
) -> set[int]:
    """Answer those of some records that somebody wrote too: a user, a customer, another import.

    What the site does of itself (jobs, clocks, observers of plugins, seeds) is nobody's.
    """
    other = change.c.source.is_(None) | change.c.source.not_in(sources)
    somebody = change.c.actor.is_not(None) | change.c.via.not_in(("job", "seed"))
    return _records(connection, entity, records, other & somebody)


def _records(
    connection: sa.Connection, entity: str, records: Sequence[int], where: sa.ColumnElement[bool]
) -> set[int]:
    asked = sa.select(change.c.record)
    return {row.record for row in _rows(connection, asked, entity, records, where)}


def _rows(
    connection: sa.Connection,
    asked: sa.Select[Any],
    entity: str,
    records: Sequence[int],
    where: sa.ColumnElement[bool],
) -> Iterator[sa.Row[Any]]:
    """Yield rows of the trail of some records, those of each the newest first."""
    for start in range(0, len(records), _CHUNK):
        some = change.c.record.in_(records[start : start + _CHUNK])
        query = asked.where(change.c.entity == entity, some, where).order_by(change.c.id.desc())
        yield from connection.execute(query)
