"""``loopline access``: who may do what, and why."""

from pathlib import Path

import click

from loopline.cli.options import (
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import NotFound
from loopline.services.explain_access import explain_access
from loopline.services.people import user_by


@click.group()
def access() -> None:
    """Who may do what."""


@access.command("explain")
@click.argument("user")
@click.argument("action")
@click.argument("target", metavar="ENTITY[/ID]")
@site_option
@json_option
def explain(user: str, action: str, target: str, site: Path, *, as_json: bool) -> None:
    """Say whether USER may do ACTION to records of ENTITY, or to one, why, and what changes it."""
    entity, _, number = target.partition("/")
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        if number and not number.isdigit():
            raise NotFound(code="record.not_found", entity=entity, id=number)
        record = int(number) if number else None
        found = explain_access(ctx, user_by(ctx, user), action, entity, record, language())
    if as_json:
        print_json(found.shape())
        return
    click.echo(found.sentence)
    for one in (*found.grants, *found.demands):
        mark = {True: "+", False: "-", None: " "}[one.holds]
        click.echo(f"  {mark} {one.told}")
    click.echo(f"=> {found.change}")
