"""The history of stages: a row for every entering, written with the record that enters."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

import orjson
import sqlalchemy as sa

from loopline.store.changes import change
from loopline.store.inserts import insert_columns
from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

stage_history: Final = sa.Table(
    "ll_stage_history",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("field", TEXT, nullable=False),
    sa.Column("pipeline", TEXT),
    sa.Column("before", TEXT),
    sa.Column("after", TEXT),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("actor", BIG),
    sa.Column("owner", BIG),
    sa.Column("department", BIG),
    sa.Column("amount", BIG),  # in minor units
    sa.Column("currency", TEXT),
    sa.Column("stay", BIG),  # seconds in the stage before
    sa.Index("ix_ll_stage_history_record", "entity", "record", "field", "id"),
    sa.Index("ix_ll_stage_history_at", "entity", "field", "at"),
)
_CHUNK: Final = 500
_C: Final = stage_history.c


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRow:
    """A record enters the stage ``after``, None for blank; ``stay`` is how long it was in before.

    ``pipeline`` is None where none applied. ``amount`` is in minor units of ``currency``, ``stay``
    in seconds; both None where they are not known.
    """

    entity: str
    record: int
    field: str
    pipeline: str | None
    before: str | None
    after: str | None
    at: datetime
    actor: int | None
    owner: int | None
    department: int | None
    amount: int | None
    currency: str | None
    stay: int | None


def write_stages(connection: sa.Connection, rows: Sequence[StageRow]) -> None:
    """Append to the history, in the order given."""
    if rows:
        told = [asdict(row) for row in rows]
        insert_columns(connection, stage_history, {k: [r[k] for r in told] for k in told[0]})


def stages_of(connection: sa.Connection, entity: str, record: int) -> list[StageRow]:
    """Answer the history of a record, oldest first."""
    where = (_C.entity == entity) & (_C.record == record)
    names = (column for column in _C if column.name != "id")
    query = sa.select(*names).where(where).order_by(_C.id)
    return [StageRow(**row) for row in connection.execute(query).mappings()]


def newest_stages(
    connection: sa.Connection, entity: str, field: str, records: Iterable[int]
) -> dict[int, tuple[str | None, datetime]]:
    """Answer, for each record that has a history, the stage it entered last, and when."""
    found: dict[int, tuple[str | None, datetime]] = {}
    for some in _chunks(records):
        where = (_C.entity == entity) & (_C.field == field) & _C.record.in_(some)
        newest = sa.select(sa.func.max(_C.id)).where(where).group_by(_C.record)
        query = sa.select(_C.record, _C.after, _C.at).where(_C.id.in_(newest))
        found |= {row.record: (row.after, row.at) for row in connection.execute(query)}
    return found


def last_set(
    connection: sa.Connection, entity: str, field: str, records: Iterable[int]
) -> dict[int, tuple[datetime, int | None]]:
    """Answer when, and by whom, the trail says that a field of each record was written last."""
    found: dict[int, tuple[datetime, int | None]] = {}
    columns = (change.c.record, change.c.at, change.c.actor, change.c.diff)
    for some in _chunks(records):
        query = sa.select(*columns).where(
            change.c.entity == entity,
            change.c.record.in_(some),
            change.c.diff.contains(f'"{field}"', autoescape=True),
        )
        for record, at, actor, diff in connection.execute(query.order_by(change.c.id)):
            if field in orjson.loads(diff):
                found[record] = (at, actor)
    return found


def _chunks(records: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(set(records))
    yield from (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))
