"""Whether an account is open: disabled and enabled again, and never the last administrator's."""

from loopline.access.accounts import disable, enable, obstacle
from loopline.access.context import Context
from loopline.errors import Forbidden, NotFound
from loopline.services.administrators import keep_an_administrator
from loopline.services.noting import note_act
from loopline.services.people import USER
from loopline.store.tables import RecordTable


def disable_account(ctx: Context, user: int) -> bool:
    """Take every way in from a user: password, sessions, tokens; answer whether they had any.

    Raises Forbidden for all but administrators, NotFound, Conflict for the last administrator.
    """
    users = _theirs(ctx, user)
    if obstacle(ctx.connection, users, user) == "disabled":
        return False
    disable(ctx.connection, user, ctx.now)
    keep_an_administrator(ctx, {user})
    note_act(ctx, USER, user, "disabled")
    return True


def enable_account(ctx: Context, user: int) -> bool:
    """Let a disabled user sign in again with the password and roles they had.

    Tokens that were revoked stay so. Answers whether the user was disabled. Raises Forbidden for
    all but administrators, NotFound.
    """
    _theirs(ctx, user)
    if not enable(ctx.connection, user, ctx.now):
        return False
    note_act(ctx, USER, user, "enabled")
    return True


def _theirs(ctx: Context, user: int) -> RecordTable:
    """Answer the table of users, for an administrator who names one of them."""
    if not ctx.actor.administrator or "write" not in ctx.actor.scopes:
        raise Forbidden(code="auth.administrators_only_accounts")
    users = ctx.snapshot.table(USER)
    if obstacle(ctx.connection, users, user) in {None, "deleted"}:
        raise NotFound(code="record.not_found", entity=users.entity.label, id=user)
    return users
