"""Comments on records. Where each stands among the changes is said by the trail."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

comment = sa.Table(
    "ll_comment",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("entity", TEXT, nullable=False),
    sa.Column("record", BIG, nullable=False),
    sa.Column("author", BIG),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("text", TEXT, nullable=False),
    sa.Column("mentions", Opaque(), nullable=False),
    sa.Column("edited_at", Moment()),
    sa.Column("deleted_at", Moment()),
    sa.Index("ix_ll_comment_record", "entity", "record"),
)
_CHUNK: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredComment:
    """A comment; ``text`` names people as ``@{id}`` and is blank once deleted."""

    id: int
    entity: str
    record: int
    author: int | None
    at: datetime
    text: str
    mentions: Sequence[int]
    edited_at: datetime | None
    deleted_at: datetime | None


def insert_comment(
    connection: sa.Connection,
    place: tuple[str, int],
    said: tuple[str, Sequence[int]],
    author: int | None,
    at: datetime,
) -> int:
    """Add a comment to the record (entity, id) of a text and whom it mentions; answer its id."""
    values = {
        "entity": place[0],
        "record": place[1],
        "author": author,
        "at": at,
        "text": said[0],
        "mentions": list(said[1]),
    }
    added = comment.insert().values(values).returning(comment.c.id)
    return int(connection.execute(added).scalar_one())


def read_comments(connection: sa.Connection, ids: Collection[int]) -> Mapping[int, StoredComment]:
    """Answer comments by id, deleted ones too."""
    found: dict[int, StoredComment] = {}
    ordered = sorted(ids)
    for start in range(0, len(ordered), _CHUNK):
        query = sa.select(comment).where(comment.c.id.in_(ordered[start : start + _CHUNK]))
        rows = connection.execute(query).mappings()
        found |= {row["id"]: StoredComment(**row) for row in rows}
    return found


def edit_comment(
    connection: sa.Connection, number: int, text: str, mentions: Sequence[int], now: datetime
) -> None:
    """Put another text in place of a comment's."""
    values = {"text": text, "mentions": list(mentions), "edited_at": now}
    connection.execute(comment.update().where(comment.c.id == number).values(values))


def blank_comment(connection: sa.Connection, number: int, now: datetime) -> None:
    """Delete what a comment says; that there was one stays."""
    values = {"text": "", "mentions": [], "deleted_at": now}
    connection.execute(comment.update().where(comment.c.id == number).values(values))
