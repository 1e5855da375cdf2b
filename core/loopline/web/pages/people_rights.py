"""A person's page: roles, sessions, tokens, a lock; one's own, anybody's for administrators."""

from datetime import datetime
from urllib.parse import urlencode

from loopline.access.accounts import administrators, obstacle
from loopline.access.context import Context
from loopline.access.roles import roles_of
from loopline.access.sessions import SignIn, session_key
from loopline.access.tokens import Token
from loopline.errors import NotFound
from loopline.services import ways_in
from loopline.services.people import USER, change_roles
from loopline.services.standing import disable_account, enable_account
from loopline.services.titles import titles
from loopline.web.contexts.access import HeldRole, PersonContext, WayIn
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.cells import when
from loopline.web.pages.devices import device_name
from loopline.web.pages.dispatch import Go, PageRequest, Reply, Show
from loopline.web.pages.shell import Place, entity_href, shell


def show_own(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page of whoever asks."""
    return _page(ctx, asked, ctx.actor.id or 0)


def show_person(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the page of a person. Raises Forbidden, NotFound."""
    return _page(ctx, asked, asked.record_id)


def change(ctx: Context, asked: PageRequest) -> Reply:
    """Give or take a role."""
    user, give, take = asked.record_id, asked.one("give"), asked.one("take")
    change_roles(ctx, user, {give} - {""}, {take} - {""})
    return _done(ctx, user, "roles")


def end_sign_in(ctx: Context, asked: PageRequest) -> Reply:
    """End one session, or all but the one that asks."""
    user, key = asked.record_id, asked.one("key")
    if key:
        ways_in.end_sign_in(ctx, user, key)
    else:
        ways_in.end_sign_ins(ctx, user, keep=session_key(asked.secret))
    return _done(ctx, user, "signed_out_there")


def revoke(ctx: Context, asked: PageRequest) -> Reply:
    """Revoke a token."""
    user, token = asked.record_id, asked.one("key")
    ways_in.revoke(ctx, user, int(token) if token.isascii() and token.isdigit() else 0)
    return _done(ctx, user, "token_revoked")


def unlock(ctx: Context, asked: PageRequest) -> Reply:
    """Lift the lock after too many failures."""
    ways_in.lift_lock(ctx, asked.record_id)
    return _done(ctx, asked.record_id, "unlocked")


def disable(ctx: Context, asked: PageRequest) -> Reply:
    """Take away every way in."""
    disable_account(ctx, asked.record_id)
    return _done(ctx, asked.record_id, "account_disabled")


def enable(ctx: Context, asked: PageRequest) -> Reply:
    """Let somebody who was disabled sign in again."""
    enable_account(ctx, asked.record_id)
    return _done(ctx, asked.record_id, "account_enabled")


def _done(ctx: Context, user: int, done: str) -> Go:
    to = "/account" if user == ctx.actor.id else f"/people/{user}"
    return Go(to=to, done=done)


def _page(ctx: Context, asked: PageRequest, user: int) -> Reply:
    ways_in.require_own(ctx, user)
    kept_out = obstacle(ctx.connection, ctx.snapshot.table(USER), user)
    if kept_out is None:
        raise NotFound()
    language, say = ctx.actor.language, ctx.messages.say
    name = titles(ctx, USER, [user]).get(user, f"#{user}")
    title = say("ui.person", language, name=name)
    may_change = ctx.actor.administrator
    locked = ways_in.locked_until(ctx, user)
    held = roles_of(ctx.connection, [user])[user]
    base = f"/people/{user}"
    key = session_key(asked.secret)
    sessions = [_session(ctx, one, key, base) for one in ways_in.sign_ins(ctx, user)]
    readable = ctx.catalog.has("entity", USER) and name != f"#{user}"
    context = PersonContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        record_href=f"{entity_href(USER)}/{user}" if readable else "",
        administrator=administrators(ctx.connection).get(user, False),
        disabled=say(f"access.why.{kept_out}", language) if kept_out else "",
        enable_action=f"{base}/enable" if may_change and kept_out == "disabled" else "",
        disable_action=f"{base}/disable" if may_change and not kept_out else "",
        locked=when(ctx, locked) if locked else "",
        unlock_action=f"{base}/unlock" if locked and may_change else "",
        roles=_held(ctx, held, may_change=may_change),
        roles_action=f"{base}/roles" if may_change else "",
        others=_others(ctx, held) if may_change else (),
        sessions=tuple(sessions),
        end_others=f"{base}/sessions/end" if any(not one.current for one in sessions) else "",
        tokens=tuple(_token(ctx, one, base) for one in ways_in.tokens(ctx, user)),
        explain_href=f"/explain?{urlencode([('user', user)])}",
        trail_href=f"/audit?{urlencode([('user', user)])}" if may_change else "",
        handover_href=f"{base}/handover" if may_change else "",
    )
    return Show(context=context)


def _held(ctx: Context, held: frozenset[str], *, may_change: bool) -> tuple[HeldRole, ...]:
    language = ctx.actor.language
    return tuple(
        HeldRole(
            label=one.label.to(language),
            help=one.help.to(language),
            take=one.id if may_change and not one.everyone else "",
        )
        for one in ctx.snapshot.catalog.roles()
        if one.everyone or one.id in held
    )


def _others(ctx: Context, held: frozenset[str]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=one.id, label=one.label.to(ctx.actor.language))
        for one in ctx.snapshot.catalog.roles()
        if not one.everyone and one.id not in held
    )


def _session(ctx: Context, one: SignIn, current: str, base: str) -> WayIn:
    return WayIn(
        title=device_name(one.agent) or one.address,
        note=_since(ctx, one.created_at, one.expires_at, one.address),
        current=one.key == current,
        key=one.key,
        action=f"{base}/sessions/end",
    )


def _since(ctx: Context, since: datetime, until: datetime, address: str) -> str:
    say, language = ctx.messages.say, ctx.actor.language
    told = say("ui.person.since", language, since=when(ctx, since), until=when(ctx, until))
    return f"{address} · {told}" if address else told


def _token(ctx: Context, one: Token, base: str) -> WayIn:
    return WayIn(
        title=one.label or f"#{one.id}",
        note=f"{', '.join(one.scopes)} · {when(ctx, one.created_at)}",
        ended=when(ctx, one.revoked_at) if one.revoked_at else "",
        key=str(one.id),
        action="" if one.revoked_at else f"{base}/tokens/revoke",
    )
