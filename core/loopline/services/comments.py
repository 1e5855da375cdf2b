"""Comments on records: by whoever may read the record, in its one timeline."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import loopline.store.comments as store
from loopline.access.context import Context
from loopline.errors import Forbidden, NotFound, NotValid, Problem
from loopline.services import permits
from loopline.services.mentions import read_mentions, with_names
from loopline.services.notifications import notify
from loopline.services.titles import titles
from loopline.store.changes import Write, write_changes
from loopline.store.comments import StoredComment
from loopline.store.rows import Record

LONGEST: Final = 5_000
COMMENT: Final = "_comment"
"""A name that no field can have, under which a line of the trail names its comment."""
ACTION: Final = "comment"
_NO_VERSION: Final = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Comment:
    """A comment as its reader sees it.

    ``text`` names people by name, ``stored`` by ``@{id}``; both are blank once deleted.
    """

    id: int
    author: int | None
    at: datetime
    text: str
    stored: str
    mentions: Mapping[int, str]
    edited: bool
    deleted: bool
    may_edit: bool
    may_delete: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What was said, and which of the people it mentions may not read the record."""

    comment: Comment
    not_told: tuple[int, ...]


def add_comment(ctx: Context, entity: str, record_id: int, text: str) -> Said:
    """Comment on a record that the actor may read.

    Raises NotFound where they may not, NotValid for a text that is blank, too long or ambiguous.
    """
    record = permits.readable(ctx, ctx.snapshot.table(entity), record_id)
    stored, mentions = read_mentions(ctx, _checked(text))
    place, said = (entity, record_id), (stored, mentions)
    number = store.insert_comment(ctx.connection, place, said, ctx.actor.id, ctx.now)
    write = Write(
        at=ctx.now,
        actor=ctx.actor.id,
        entity=entity,
        action=ACTION,
        via=ctx.via,
        revision=ctx.snapshot.revision,
        source=ctx.source,
    )
    write_changes(ctx.connection, write, [(record_id, _NO_VERSION, {COMMENT: (None, number)})])
    return _said(ctx, record, number, mentions)


def edit_comment(ctx: Context, entity: str, record_id: int, number: int, text: str) -> Said:
    """Put another text in place of one's own comment; who is newly mentioned is told.

    Raises NotFound, Forbidden for somebody else's, NotValid as for a new one.
    """
    record = permits.readable(ctx, ctx.snapshot.table(entity), record_id)
    held = _held(ctx, record, number)
    if not _is_mine(ctx, held):
        raise Forbidden(code="comment.not_yours")
    stored, mentions = read_mentions(ctx, _checked(text), held.mentions)
    if stored != held.text:
        store.edit_comment(ctx.connection, number, stored, mentions, ctx.now)
    return _said(ctx, record, number, mentions)


def delete_comment(ctx: Context, entity: str, record_id: int, number: int) -> None:
    """Delete what one's own comment says, or as an administrator anybody's.

    Raises NotFound, Forbidden.
    """
    record = permits.readable(ctx, ctx.snapshot.table(entity), record_id)
    held = _held(ctx, record, number)
    if not (_is_mine(ctx, held) or ctx.actor.administrator):
        raise Forbidden(code="comment.not_yours")
    store.blank_comment(ctx.connection, number, ctx.now)


def comments_by_id(ctx: Context, ids: Collection[int]) -> dict[int, Comment]:
    """Answer comments on records that the actor may read, which the caller has checked."""
    held = store.read_comments(ctx.connection, ids) if ids else {}
    people = {user for one in held.values() for user in one.mentions}
    names = titles(ctx, "user", people)
    return {number: _comment(ctx, one, names) for number, one in held.items()}


def _comment(ctx: Context, one: StoredComment, names: Mapping[int, str]) -> Comment:
    alive = one.deleted_at is None
    writing = "write" in ctx.actor.scopes and alive
    return Comment(
        id=one.id,
        author=one.author,
        at=one.at,
        text=with_names(one.text, one.mentions, names),
        stored=one.text,
        mentions={user: names.get(user, f"#{user}") for user in one.mentions},
        edited=one.edited_at is not None,
        deleted=not alive,
        may_edit=writing and _is_mine(ctx, one),
        may_delete=writing and (_is_mine(ctx, one) or ctx.actor.administrator),
    )


def _said(ctx: Context, record: Record, number: int, mentions: tuple[int, ...]) -> Said:
    """Tell those who are mentioned; who was told of this comment before is not told again."""
    reached = notify(
        ctx, mentions, "notify.mention", {"comment": number}, record, event=f"comment:{number}"
    )
    missed = tuple(user for user in mentions if user not in reached)
    return Said(comments_by_id(ctx, [number])[number], missed)


def _held(ctx: Context, record: Record, number: int) -> StoredComment:
    found = store.read_comments(ctx.connection, [number]).get(number)
    same = found is not None and (found.entity, found.record) == (record.entity, record.id)
    if found is None or not same or found.deleted_at is not None:
        raise NotFound(code="comment.not_found", id=number)
    return found


def _is_mine(ctx: Context, one: StoredComment) -> bool:
    return ctx.actor.id is not None and one.author == ctx.actor.id


def _checked(text: str) -> str:
    """Answer a text without space around it. Raises NotValid for nothing, or too much."""
    plain = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not plain:
        raise NotValid(Problem("text", "comment.blank"))
    if len(plain) > LONGEST:
        raise NotValid(Problem("text", "comment.too_long", {"most": LONGEST, "count": len(plain)}))
    return plain
