"""What people say when they act: a comment, a reason, whom they name."""

from collections.abc import Mapping
from typing import Any, Final

from loopline.access.accounts import find_user
from loopline.access.context import Context
from loopline.errors import NotValid, Problem

LONGEST: Final = 2_000


def comment_of(settings: Mapping[str, Any]) -> str | None:
    """Answer the comment, None for a blank one. Raises NotValid for one that is too long."""
    said = settings.get("comment")
    text = said.strip() if isinstance(said, str) else ""
    if len(text) > LONGEST:
        raise NotValid(Problem("settings.comment", "approval.comment_long", {"most": LONGEST}))
    return text or None


def reason_of(settings: Mapping[str, Any]) -> str:
    """Answer the comment where there must be one. Raises NotValid."""
    text = comment_of(settings)
    if text is None:
        raise NotValid(Problem("settings.comment", "approval.reason_required"))
    return text


def person_of(ctx: Context, settings: Mapping[str, Any]) -> int:
    """Answer the user that ``to`` names, by number or e-mail address. Raises NotValid."""
    named = settings.get("to")
    text = str(named or "").strip()
    found: int | None = None
    if isinstance(named, int) and not isinstance(named, bool):
        found = named
    elif text.isascii() and text.isdigit() and len(text) < 19:
        found = int(text)
    elif text:
        found = find_user(ctx.connection, ctx.snapshot.table("user"), text)
    if found is None:
        raise NotValid(Problem("settings.to", "approval.person_required", {"to": text}))
    return found
