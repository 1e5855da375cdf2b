"""``loopline job`` and ``loopline webhook``."""

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
from loopline.jobs.dead import dead, drop, retry
from loopline.jobs.webhooks import add_webhook, deliveries, switch_webhook


@click.group()
def job() -> None:
    """Jobs that were given up."""


@job.command("dead")
@site_option
@json_option
def list_dead(site: Path, *, as_json: bool) -> None:
    """List the jobs that were given up, the newest first, and why."""
    with refusals(), open_platform(site) as platform, platform.database.read() as connection:
        found = dead(connection)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        click.echo(f"{one.id}\t{one.kind}\t{one.finished_at:%Y-%m-%d %H:%M}\t{one.error}")


@job.command("retry")
@click.argument("number", type=int, metavar="ID")
@site_option
@json_option
def retry_job(number: int, site: Path, *, as_json: bool) -> None:
    """Have the job ID tried again, as if it were new."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        retry(ctx.connection, number, ctx.now)
    done(f"{number}: to be tried again", {"id": number}, as_json=as_json)


@job.command("drop")
@click.argument("number", type=int, metavar="ID")
@site_option
@json_option
def drop_job(number: int, site: Path, *, as_json: bool) -> None:
    """Delete the job ID without doing it."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        drop(ctx.connection, number)
    done(f"{number}: dropped", {"id": number}, as_json=as_json)


@click.group()
def webhook() -> None:
    """Other systems that are told of events."""


@webhook.command("add")
@click.argument("name")
@click.argument("url")
@click.option("--event", "events", multiple=True, help="An event they want; all if absent.")
@site_option
@json_option
def add(name: str, url: str, events: tuple[str, ...], site: Path, *, as_json: bool) -> None:
    """Tell URL of events, and print the secret of its signatures, once."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        number, secret = add_webhook(ctx.connection, name, url, events, ctx.now)
    done(f"{number}\t{secret}", {"id": number, "secret": secret}, as_json=as_json)


@webhook.command("disable")
@click.argument("number", type=int, metavar="ID")
@site_option
@json_option
def disable(number: int, site: Path, *, as_json: bool) -> None:
    """Tell the receiver ID no more."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        switch_webhook(ctx.connection, number, active=False)
    done(f"{number}: disabled", {"id": number}, as_json=as_json)


@webhook.command("log")
@click.argument("number", type=int, metavar="ID")
@site_option
@json_option
def log(number: int, site: Path, *, as_json: bool) -> None:
    """List what the receiver ID was told last, and how each attempt ended."""
    with refusals(), open_platform(site) as platform, platform.database.read() as connection:
        found = deliveries(connection, number)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    for one in found:
        for attempt in one.attempts:
            ended = attempt.status or attempt.error
            click.echo(f"{one.id}\t{one.event}\t{one.state}\t{attempt.at:%Y-%m-%d %H:%M}\t{ended}")
