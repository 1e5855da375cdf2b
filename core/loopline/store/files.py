"""Uploaded files: what is known of each. The content lies in the site's folder, by its hash."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

file = sa.Table(
    "ll_file",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("hash", TEXT, nullable=False),
    sa.Column("name", TEXT, nullable=False),
    sa.Column("size", BIG, nullable=False),
    sa.Column("media_type", TEXT, nullable=False),
    sa.Column("width", sa.Integer),
    sa.Column("height", sa.Integer),
    sa.Column("created_at", Moment(), nullable=False),
    sa.Column("created_by", BIG),
    sa.Column("waits_since", Moment()),  # an upload that no record has held; else blank
    sa.Index("ix_ll_file_hash", "hash"),
    sa.Index(
        "ix_ll_file_waiting",
        "waits_since",
        sqlite_where=sa.text("waits_since IS NOT NULL"),
        postgresql_where=sa.text("waits_since IS NOT NULL"),
    ),
)
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """One upload: SHA-256 in hex, size in bytes; a picture also has its pixels.

    ``waits_since`` says since when it waits for a record to hold it; None once one did.
    """

    hash: str
    name: str
    size: int
    media_type: str
    created_at: datetime
    created_by: int | None
    width: int | None = None
    height: int | None = None
    waits_since: datetime | None = None
    id: int = 0


def insert_file(connection: sa.Connection, one: StoredFile) -> int:
    """Insert a file; answer its id."""
    values = {name: getattr(one, name) for name in StoredFile.__slots__ if name != "id"}
    key = connection.execute(file.insert().values(values)).inserted_primary_key
    if key is None:
        raise LookupError(one.name)
    return int(key[0])


def read_files(connection: sa.Connection, ids: Collection[int]) -> Mapping[int, StoredFile]:
    """Answer what is known of files, by id."""
    found: dict[int, StoredFile] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        query = sa.select(file).where(file.c.id.in_(ordered[start : start + _CHUNK]))
        found |= {row["id"]: StoredFile(**row) for row in connection.execute(query).mappings()}
    return found


def end_waiting(connection: sa.Connection, ids: Collection[int]) -> bool:
    """Note that records hold files; answer False where one of them was removed meanwhile."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        some = ordered[start : start + _CHUNK]
        query = sa.select(file.c.id).where(file.c.id.in_(some), file.c.waits_since.is_not(None))
        waiting = connection.execute(query).scalars().all()
        changed = file.update().where(file.c.id.in_(waiting)).values(waits_since=None)
        if waiting and connection.execute(changed).rowcount < len(waiting):
            return False
    return True


def waiting_of(connection: sa.Connection, user: int, ids: Collection[int]) -> list[int]:
    """Answer which of some files wait and were uploaded by a user."""
    among = file.c.id.in_(sorted(ids)[:_CHUNK])
    query = sa.select(file.c.id).where(
        among, file.c.waits_since.is_not(None), file.c.created_by == user
    )
    return list(connection.execute(query).scalars())


def wait_anew(connection: sa.Connection, ids: Collection[int], now: datetime) -> None:
    """Let files that still wait do so from now on."""
    waiting = file.update().where(file.c.id.in_(ids), file.c.waits_since.is_not(None))
    connection.execute(waiting.values(waits_since=now))


def drop_waiting(connection: sa.Connection, before: datetime, most: int) -> int:
    """Delete files that have waited since before a moment, ``most`` at once; answer how many."""
    waiting = file.c.waits_since < before
    query = sa.select(file.c.id).where(waiting).order_by(file.c.waits_since).limit(most)
    ids = connection.execute(query).scalars().all()
    if not ids:
        return 0
    # looked at again: a record may have begun to hold one
    return connection.execute(file.delete().where(file.c.id.in_(ids), waiting)).rowcount


def known_hashes(connection: sa.Connection, hashes: Collection[str]) -> set[str]:
    """Answer which contents some file has."""
    found: set[str] = set()
    ordered = sorted(hashes)
    for start in range(0, len(ordered), _CHUNK):
        query = sa.select(file.c.hash).where(file.c.hash.in_(ordered[start : start + _CHUNK]))
        found.update(connection.execute(query).scalars())
    return found


def sizes_by_hash(connection: sa.Connection) -> Iterator[tuple[str, int]]:
    """Yield each content that some file has, and its size in bytes."""
    query = sa.select(file.c.hash, file.c.size).distinct().order_by(file.c.hash)
    for row in connection.execute(query.execution_options(yield_per=_CHUNK)):
        yield row.hash, row.size
