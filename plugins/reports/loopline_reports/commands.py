"""``loopline report``: reports from the command line."""

import json
import sys
from pathlib import Path

import click

from loopline.sdk import LooplineError, site_context
from loopline_reports.answering import FORMATS, file_of, shape_of
from loopline_reports.running import report_named, reports_of, run

_SITE = click.option(
    "--site",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="LOOPLINE_SITE",
    default=Path(),
    help="Folder of the site.",
)
_AS = click.option(
    "--as", "user", default="", metavar="USER", help="Act as the user with this e-mail."
)


@click.group("report")
def report_command() -> None:
    """Run reports."""


@report_command.command("list")
@_AS
@_SITE
def list_reports(site: Path, user: str) -> None:
    """List the reports."""
    with site_context(site, "reports", user) as ctx:
        for one in reports_of(ctx):
            click.echo(f"{one.id}\t{ctx.say(one.label)}")


@report_command.command("run")
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V", help="A value of a parameter.")
@click.option("--format", "kind", type=click.Choice(["json", *FORMATS]), default="json")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@_AS
@_SITE
def run_report(
    name: str, params: tuple[str, ...], kind: str, out: Path | None, site: Path, user: str
) -> None:
    """Run the report NAME; without --out it is printed."""
    given = dict(_pair(one) for one in params)
    with site_context(site, "reports", user) as ctx:
        try:
            ran = run(ctx, report_named(ctx, name), given)
            if kind == "json":
                text = json.dumps(shape_of(ran), ensure_ascii=False, indent=2)
                content = f"{text}\n".encode()
            else:
                content = file_of(ctx, ran, kind).content
        except LooplineError as error:
            for line in ctx.tell(error):
                click.echo(line, err=True)
            sys.exit(1)
    if out is None:
        sys.stdout.buffer.write(content)
    else:
        out.write_bytes(content)
        click.echo(f"{out}: {ran.grid.height - ran.grid.heads}")


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise click.UsageError(f"--param {text}: K=V")
    return name, value
