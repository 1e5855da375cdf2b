"""``loopline user`` and ``loopline token``."""

from dataclasses import asdict
from pathlib import Path
from typing import Final

import click

from loopline.access.accounts import administrators, find_user
from loopline.access.context import Context
from loopline.access.tokens import SCOPES, create_token
from loopline.cli.options import (
    check_password,
    done,
    json_option,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import NotFound
from loopline.query.lists import ListQuery, page
from loopline.services.people import STAFF, change_roles
from loopline.services.standing import disable_account, enable_account
from loopline.services.ways_in import end_sign_ins, lift_lock, revoke, tokens
from loopline.sites import add_user

ADMINISTRATOR: Final = frozenset({"admin", "administrator"})
"""The words for who may do everything."""


@click.group()
def user() -> None:
    """People who may sign in."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="", help="Their name; the address if absent.")
@click.option("--role", "roles", multiple=True, help="A role, or admin; member if absent.")
@click.option(
    "--password", default="", envvar="LOOPLINE_USER_PASSWORD", help="Asked for if absent."
)
@site_option
@json_option
def add(
    email: str, name: str, roles: tuple[str, ...], password: str, site: Path, *, as_json: bool
) -> None:
    """Add a user with EMAIL."""
    secret = password or click.prompt("Password", hide_input=True, confirmation_prompt=True)
    with refusals(), open_platform(site) as platform:
        check_password(secret)
        given = frozenset(roles) - ADMINISTRATOR or {STAFF}
        user_id = add_user(
            platform,
            email,
            name or email,
            secret,
            administrator=not ADMINISTRATOR.isdisjoint(roles),
            roles=given,
        )
    done(f"{email}: added", {"id": user_id, "email": email}, as_json=as_json)


@user.command("list")
@site_option
@json_option
def list_users(site: Path, *, as_json: bool) -> None:
    """List the users."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        rights = administrators(ctx.connection)
        query = ListQuery(entity="user", sort=("name",), limit=1000)
        people = [
            {
                "id": one.id,
                "name": one.values["name"],
                "email": one.values["email"],
                "administrator": rights.get(one.id, False),
                "signs_in": one.id in rights,
            }
            for one in page(ctx, query).records
        ]
    if as_json:
        print_json(people)
        return
    for one in people:
        role = "administrator" if one["administrator"] else ""
        click.echo(f"{one['id']}\t{one['name']}\t{one['email'] or ''}\t{role}")


@user.command("disable")
@click.argument("email")
@site_option
@json_option
def disable_user(email: str, site: Path, *, as_json: bool) -> None:
    """Take away every way in from the user with EMAIL."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        disable_account(ctx, user_id)
    done(f"{email}: disabled", {"id": user_id, "email": email}, as_json=as_json)


@user.command("enable")
@click.argument("email")
@site_option
@json_option
def enable_user(email: str, site: Path, *, as_json: bool) -> None:
    """Let the user with EMAIL, who was disabled, sign in again."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        enable_account(ctx, user_id)
    done(f"{email}: enabled", {"id": user_id, "email": email}, as_json=as_json)


@user.command("roles")
@click.argument("email")
@click.option("--give", multiple=True, metavar="ROLE", help="A role to give.")
@click.option("--take", multiple=True, metavar="ROLE", help="A role to take away.")
@site_option
@json_option
def roles(
    email: str, give: tuple[str, ...], take: tuple[str, ...], site: Path, *, as_json: bool
) -> None:
    """Print the roles of the user with EMAIL, after giving and taking some."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        held = sorted(change_roles(ctx, user_id, give, take))
    done("\n".join(held), {"id": user_id, "email": email, "roles": held}, as_json=as_json)


@user.command("unlock")
@click.argument("email")
@site_option
@json_option
def unlock(email: str, site: Path, *, as_json: bool) -> None:
    """Let the user with EMAIL try to sign in again after too many failures."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        lift_lock(ctx, user_id)
    done(f"{email}: unlocked", {"id": user_id, "email": email}, as_json=as_json)


@user.command("sign-out")
@click.argument("email")
@site_option
@json_option
def sign_out(email: str, site: Path, *, as_json: bool) -> None:
    """End every session of the user with EMAIL."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        ended = end_sign_ins(ctx, user_id)
    result = {"id": user_id, "email": email, "ended": ended}
    done(f"{email}: {ended} sessions ended", result, as_json=as_json)


@click.group()
def token() -> None:
    """Tokens for programs."""


@token.command("create")
@click.argument("email", metavar="USER")
@click.option(
    "--scope", "scopes", multiple=True, type=click.Choice(sorted(SCOPES)), default=["read"]
)
@click.option("--label", default="", help="What it is for.")
@site_option
@json_option
def create(email: str, scopes: tuple[str, ...], label: str, site: Path, *, as_json: bool) -> None:
    """Make a token that acts as USER and print it, once."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        user_id = _user(ctx, email)
        secret = create_token(ctx.connection, user_id, frozenset(scopes), ctx.now, label)
    done(secret, {"token": secret, "scopes": sorted({*scopes, "read"})}, as_json=as_json)


@token.command("list")
@click.argument("email", metavar="USER")
@site_option
@json_option
def list_tokens(email: str, site: Path, *, as_json: bool) -> None:
    """List the tokens of USER, revoked ones too."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        found = [asdict(one) for one in tokens(ctx, _user(ctx, email))]
    if as_json:
        print_json(found)
        return
    for one in found:
        state = "revoked" if one["revoked_at"] else ",".join(one["scopes"])
        click.echo(f"{one['id']}\t{one['label']}\t{state}")


@token.command("revoke")
@click.argument("email", metavar="USER")
@click.argument("number", type=int)
@site_option
@json_option
def revoke_one(email: str, number: int, site: Path, *, as_json: bool) -> None:
    """Revoke the token of USER with this number."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        revoke(ctx, _user(ctx, email), number)
    done(f"{number}: revoked", {"id": number}, as_json=as_json)


def _user(ctx: Context, email: str) -> int:
    found = find_user(ctx.connection, ctx.snapshot.table("user"), email)
    if found is None:
        raise NotFound(code="user.not_found", email=email)
    return found
