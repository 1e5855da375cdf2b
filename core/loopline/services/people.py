"""What concerns people: their roles, and what they may change about themselves."""

from collections.abc import Collection
from typing import Final

from loopline.access.accounts import find_user
from loopline.access.context import Context
from loopline.access.roles import roles_of, set_roles
from loopline.errors import Forbidden, NotFound, NotValid, Problem
from loopline.services.editing import update
from loopline.services.noting import note_act
from loopline.store.rows import fetch

USER: Final = "user"
_MOST_DIGITS: Final = 19
STAFF: Final = "staff"
"""The role of people for whom no other is named."""


def user_by(ctx: Context, text: str) -> int:
    """Answer the user whom an e-mail address or a number names. Raises NotFound."""
    found = find_user(ctx.connection, ctx.snapshot.table(USER), text)
    if found is None and text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS:
        found = int(text)
    if found is None:
        raise NotFound(code="user.not_found", email=text)
    return found


def choose_language(ctx: Context, language: str) -> None:
    """Write the actor's language into their own record, and nothing else.

    The elevation is for this one field of this one record; the trail names the actor as ever.
    """
    if ctx.actor.id is not None:
        update(ctx.elevated("own language"), "user", ctx.actor.id, {"language": language})


def change_roles(
    ctx: Context, user_id: int, give: Collection[str] = (), take: Collection[str] = ()
) -> frozenset[str]:
    """Give roles to a user and take others away; answer those they hold now.

    Raises NotFound, Forbidden for all but administrators, NotValid naming roles not there.
    """
    one = ctx.snapshot.table(USER)
    if user_id not in fetch(ctx.connection, one, [user_id]):
        raise NotFound(code="record.not_found", entity=one.entity.label, id=user_id)
    held = roles_of(ctx.connection, [user_id])[user_id]
    wanted = (held | frozenset(give)) - frozenset(take)
    gone = held - frozenset(ctx.snapshot.catalog.ids("role"))
    give_roles(ctx, user_id, wanted - gone)
    return wanted - gone


def give_roles(ctx: Context, user_id: int, roles: Collection[str]) -> None:
    """Let a user hold exactly these roles; the trail of the user tells it.

    Raises Forbidden for all but administrators, NotValid naming roles that are not there.
    """
    if not ctx.actor.administrator or "write" not in ctx.actor.scopes:
        raise Forbidden(code="auth.administrators_only_people")
    known = ctx.snapshot.catalog.ids("role")
    unknown = sorted(set(roles) - set(known))
    if unknown:
        params = {"role": ", ".join(unknown), "known": ", ".join(known)}
        raise NotValid(Problem("roles", "role.unknown", params))
    held, wanted = roles_of(ctx.connection, [user_id])[user_id], frozenset(roles)
    if held == wanted:
        return
    set_roles(ctx.connection, user_id, wanted)
    moved = [
        *(f"+{one}" for one in sorted(wanted - held)),
        *(f"-{one}" for one in sorted(held - wanted)),
    ]
    note_act(ctx, USER, user_id, "roles", " ".join(moved))
