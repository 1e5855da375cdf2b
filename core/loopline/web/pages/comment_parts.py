"""Comments as pages draw them: in pieces, so that nothing in a text is ever markup."""

import re
from collections.abc import Iterator
from typing import Final

from loopline.access.context import Context
from loopline.services.comments import Comment
from loopline.services.mentions import MARK
from loopline.store.rows import Record
from loopline.web.contexts.comments import CommentShown, Composer, Part
from loopline.web.pages.shell import entity_href

_LINK: Final = re.compile(r"https?://[^\s<>\"'，。；、！？（）《》“”]+")
_AFTER: Final = ".,;:!?)]}"
"""What after a web address belongs to the sentence."""


def composer(ctx: Context, record: Record) -> Composer | None:
    """Answer the box for a comment; None where nothing can be said."""
    if record.deleted_at is not None or "write" not in ctx.actor.scopes:
        return None
    return Composer(action=_base(record), people="/pick/user")


def comment_shown(record: Record, one: Comment) -> CommentShown:
    """Answer a comment with what its reader may do to it."""
    place = f"{_base(record)}/{one.id}"
    alive = record.deleted_at is None
    return CommentShown(
        parts=tuple(_parts(one)),
        edited=one.edited,
        deleted=one.deleted,
        text=one.text,
        edit_action=f"{place}/edit" if one.may_edit and alive else "",
        delete_action=f"{place}/delete" if one.may_delete and alive else "",
    )


def _parts(one: Comment) -> Iterator[Part]:
    """Yield the pieces of a comment in order."""
    done = 0
    for found in MARK.finditer(one.stored):
        user = int(found[1])
        if user in one.mentions:
            yield from _linked(one.stored[done : found.start()])
            yield Part(text=f"@{one.mentions[user]}", person=True)
            done = found.end()
    yield from _linked(one.stored[done:])


def _linked(text: str) -> Iterator[Part]:
    done = 0
    for found in _LINK.finditer(text):
        href = found[0].rstrip(_AFTER)
        if found.start() > done:
            yield Part(text=text[done : found.start()])
        yield Part(text=href, href=href)
        done = found.start() + len(href)
    if done < len(text):
        yield Part(text=text[done:])


def _base(record: Record) -> str:
    return f"{entity_href(record.entity)}/{record.id}/comments"
