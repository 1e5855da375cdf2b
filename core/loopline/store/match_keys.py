"""Match keys: by what records are taken for the same, a row for each rule, key and record.

A row that ``holds`` keeps its key for itself: a partial unique index lets each key of a rule be
held once, whoever writes at the same moment.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, TypeVar

import sqlalchemy as sa

from loopline.store.inserts import insert_new_columns
from loopline.store.system import metadata
from loopline.store.types import BIG, TEXT

match_key = sa.Table(
    "ll_match_key",
    metadata,
    sa.Column("mark", TEXT, primary_key=True),
    sa.Column("match", TEXT, primary_key=True),
    sa.Column("entity", TEXT, primary_key=True),
    sa.Column("record", BIG, primary_key=True, autoincrement=False),
    sa.Column("holds", sa.Boolean, nullable=False),
    sa.Index("ix_ll_match_key_record", "entity", "record"),
    sa.Index(
        "ux_ll_match_key_held",
        "mark",
        "match",
        unique=True,
        sqlite_where=sa.text("holds"),
        postgresql_where=sa.text("holds"),
    ),
    sqlite_with_rowid=False,
)
T = TypeVar("T")
_CHUNK: Final = 400
_C: Final = match_key.c
_PLACE: Final = attrgetter("mark", "match", "entity", "record")
_UNDER: Final = sa.select(match_key).where(
    _C.mark == sa.bindparam("mark"), _C.match.in_(sa.bindparam("matches", expanding=True))
)


@dataclass(frozen=True, order=True, slots=True)
class MatchKey:
    """One key of one record under a rule's mark."""

    mark: str
    match: str
    entity: str
    record: int
    holds: bool = False


def take(connection: sa.Connection, keys: Iterable[MatchKey]) -> list[MatchKey]:
    """Write keys; answer those that were not, since another record holds them.

    A writer who took one of them and has not committed is waited for. Keys are taken in one order,
    so that two who take many never wait for each other.
    """
    ordered = sorted(set(keys), key=_PLACE)
    _write(connection, [key for key in ordered if not key.holds])  # can only meet themselves
    holding = [key for key in ordered if key.holds]
    if _write(connection, holding) == len(holding):
        return []
    known = holders(connection, {(key.mark, key.match) for key in holding})
    there = {_PLACE(key) for key in known}
    return [key for key in holding if _PLACE(key) not in there]


def _write(connection: sa.Connection, keys: Sequence[MatchKey]) -> int:
    """Write those keys that are free; answer how many."""
    columns = {name: list(map(attrgetter(name), keys)) for name in MatchKey.__slots__}
    return insert_new_columns(connection, match_key, columns) if keys else 0


def holders(connection: sa.Connection, pairs: Collection[tuple[str, str]]) -> list[MatchKey]:
    """Answer every row under some (mark, key) pairs, the oldest record first."""
    by_mark: dict[str, list[str]] = defaultdict(list)
    for mark, match in sorted(pairs):
        by_mark[mark].append(match)
    found: list[MatchKey] = []
    for mark, matches in by_mark.items():
        for some in _chunks(matches):
            rows = connection.execute(_UNDER, {"mark": mark, "matches": some})
            found += [MatchKey(*row) for row in rows]
    return sorted(found, key=attrgetter("record", *MatchKey.__slots__))


def keys_of(connection: sa.Connection, entity: str, records: Collection[int]) -> list[MatchKey]:
    """Answer the keys of some records."""
    found: list[MatchKey] = []
    for some in _chunks(sorted(records)):
        query = sa.select(match_key).where(_C.entity == entity, _C.record.in_(some))
        found += [MatchKey(*row) for row in connection.execute(query)]
    return found


def drop(connection: sa.Connection, keys: Iterable[MatchKey]) -> None:
    """Give keys up; of each that was held, the oldest other record of its entity takes it over."""
    gone = list(keys)
    for key in gone:
        here = (_C.mark == key.mark) & (_C.match == key.match) & (_C.entity == key.entity)
        gone_for_good = match_key.delete().where(here & (_C.record == key.record))
        if connection.execute(gone_for_good).rowcount and key.holds:
            oldest = sa.select(sa.func.min(_C.record)).where(here).scalar_subquery()
            heir = match_key.update().where(here & (_C.record == oldest))
            connection.execute(heir.values(holds=True))


def rare_tokens(
    connection: sa.Connection, mark: str, keys: Collection[str], most: int
) -> list[tuple[int, str]]:
    """Answer (records that have it, at most ``most``; key) of some keys, the rarest first."""
    found: list[tuple[int, str]] = []
    for key in keys:
        rows = sa.select(_C.record).where(_C.mark == mark, _C.match == key).limit(most).subquery()
        count = connection.execute(sa.select(sa.func.count()).select_from(rows)).scalar_one()
        found.append((count, key))
    return sorted(one for one in found if one[0])


def newest_with(
    connection: sa.Connection, mark: str, keys: Collection[str], most: int
) -> list[tuple[str, int]]:
    """Answer (entity, record) of the newest records that have one of some keys."""
    among = sa.select(_C.entity, _C.record).where(_C.mark == mark, _C.match.in_(sorted(keys)))
    query = among.distinct().order_by(_C.record.desc(), _C.entity).limit(most)
    return [(row[0], row[1]) for row in connection.execute(query)]


def shared_keys(
    connection: sa.Connection, mark: str, entity: str, after: str, most: int
) -> list[tuple[str, list[tuple[str, int]]]]:
    """Answer the next keys beyond ``after`` that several records have, one of them of an entity."""
    own = sa.func.max(sa.case((_C.entity == entity, 1), else_=0))
    query = (
        sa.select(_C.match)
        .where(_C.mark == mark, _C.match > after)
        .group_by(_C.match)
        .having(sa.func.count() > 1, own == 1)
        .order_by(_C.match)
        .limit(most)
    )
    keys = list(connection.execute(query).scalars())
    found: dict[str, list[tuple[str, int]]] = {key: [] for key in keys}
    for row in holders(connection, {(mark, key) for key in keys}):
        found[row.match].append((row.entity, row.record))
    return list(found.items())


def known_marks(connection: sa.Connection) -> list[str]:
    """Answer the marks that have rows, one index step each."""
    marks: list[str] = []
    last: str | None = ""
    while last is not None:
        query = sa.select(sa.func.min(_C.mark)).where(_C.mark > last)
        last = connection.execute(query).scalar()
        marks += [last] if last is not None else []
    return marks


def forget_marks(connection: sa.Connection, marks: Collection[str]) -> None:
    """Drop every row under some marks."""
    if marks:
        connection.execute(match_key.delete().where(_C.mark.in_(sorted(marks))))


def _chunks(values: Sequence[T]) -> Iterable[Sequence[T]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
