"""Ways in: the sessions and tokens of people, and locks after too many failures.

Everybody sees and ends their own, administrators those of all; each act is in the user's trail.
"""

from collections.abc import Sequence
from datetime import datetime

from loopline.access import sessions
from loopline.access.context import Context
from loopline.access.sessions import SignIn
from loopline.access.tokens import Token, revoke_token, tokens_of
from loopline.errors import Forbidden, NotFound
from loopline.services.noting import note_act
from loopline.services.people import USER
from loopline.store.rows import fetch


def require_own(ctx: Context, user: int) -> None:
    """Raise Forbidden where somebody but an administrator asks about the ways in of another."""
    if user != ctx.actor.id and not ctx.actor.administrator:
        raise Forbidden(code="access.others_ways")


def sign_ins(ctx: Context, user: int) -> Sequence[SignIn]:
    """Answer the open sessions of a user. Raises Forbidden."""
    require_own(ctx, user)
    return sessions.sign_ins(ctx.connection, user, ctx.now)


def end_sign_in(ctx: Context, user: int, key: str) -> None:
    """End one session of a user. Raises Forbidden, NotFound."""
    require_own(ctx, user)
    if not sessions.end_sign_ins(ctx.connection, user, only=key):
        raise NotFound(code="access.no_session")
    note_act(ctx, USER, user, "sign_in_ended")


def end_sign_ins(ctx: Context, user: int, keep: str = "") -> int:
    """End all sessions of a user but the one with a key; answer how many. Raises Forbidden."""
    require_own(ctx, user)
    ended = sessions.end_sign_ins(ctx.connection, user, keep=keep)
    if ended:
        note_act(ctx, USER, user, "sign_ins_ended")
    return ended


def tokens(ctx: Context, user: int) -> Sequence[Token]:
    """Answer the tokens of a user, revoked ones too. Raises Forbidden."""
    require_own(ctx, user)
    return tokens_of(ctx.connection, user)


def revoke(ctx: Context, user: int, token: int) -> None:
    """Revoke a token of a user. Raises Forbidden, NotFound."""
    found = next((one for one in tokens(ctx, user) if one.id == token), None)
    if found is None:
        raise NotFound(code="access.no_token")
    if found.revoked_at is None:
        revoke_token(ctx.connection, token, ctx.now)
        note_act(ctx, USER, user, "token_revoked", found.label or f"#{token}")


def locked_until(ctx: Context, user: int) -> datetime | None:
    """Answer until when failures keep a user from signing in; None if they do not."""
    require_own(ctx, user)
    email = _email(ctx, user)
    return sessions.locked_until(ctx.connection, email, ctx.now) if email else None


def lift_lock(ctx: Context, user: int) -> None:
    """Let a user try to sign in again at once. Raises Forbidden for all but administrators."""
    if not ctx.actor.administrator:
        raise Forbidden(code="auth.administrators_only_people")
    email = _email(ctx, user)
    if email and sessions.lift_lock(ctx.connection, email):
        note_act(ctx, USER, user, "unlocked")


def _email(ctx: Context, user: int) -> str:
    found = fetch(ctx.connection, ctx.snapshot.table(USER), [user]).get(user)
    if found is None:
        one = ctx.snapshot.table(USER).entity
        raise NotFound(code="record.not_found", entity=one.label, id=user)
    return str(found.values["email"] or "")
