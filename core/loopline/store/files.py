"""Uploaded files: what is known of each. The content lies in the site's folder, by its hash."""

from collections.abc import Collection, Mapping
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
    sa.Index("ix_ll_file_hash", "hash"),
)
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """One upload: SHA-256 in hex, size in bytes; a picture also has its pixels."""

    hash: str
    name: str
    size: int
    media_type: str
    created_at: datetime
    created_by: int | None
    width: int | None = None
    height: int | None = None
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
