"""``loopline mail``: what was kept while the site had no server for outgoing mail."""

from dataclasses import asdict
from pathlib import Path

import click

from loopline.cli.options import (
    done,
    json_option,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import NotValid
from loopline.jobs.kept_mail import kept_mails, send_kept


@click.group()
def mail() -> None:
    """Mail that was kept because the site names no server for it."""


@mail.command("kept")
@site_option
@json_option
def list_kept(site: Path, *, as_json: bool) -> None:
    """List the mails that were not sent, the newest first."""
    with refusals(), open_platform(site) as platform, platform.database.read() as connection:
        found = kept_mails(connection)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        to = ", ".join(one.recipients)
        click.echo(f"{one.id}\t{one.created_at:%Y-%m-%d %H:%M}\t{to}\t{one.subject}")


@mail.command("send")
@click.argument("numbers", type=int, metavar="[ID]...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that were kept.")
@site_option
@json_option
def send(numbers: tuple[int, ...], site: Path, *, everything: bool, as_json: bool) -> None:
    """Send mails that were kept, now that the site names a server."""
    if bool(numbers) == everything:
        raise click.UsageError("give either numbers of mails or --all")
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        if platform.settings.mail is None:
            raise NotValid(code="mail.not_configured")
        count = send_kept(ctx.connection, numbers, ctx.now)
    done(f"{count} mails are to be sent", {"mails": count}, as_json=as_json)
