"""``loopline plugin``: which plugins there are, how they fare, and how one is begun."""

from collections.abc import Sequence
from pathlib import Path

import click

from loopline.cli.options import (
    done,
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.cli.plugin_starter import Starter, write_plugin
from loopline.errors import NotFound, NotValid, Problem
from loopline.hooks.candidates import find_candidate
from loopline.language import Messages
from loopline.meta.findings import Findings
from loopline.meta.schemas import Schemas
from loopline.services.plugin_checks import PluginReport, check_plugin
from loopline.services.plugin_states import PluginState, disable, enable, plugin_states


@click.group()
def plugin() -> None:
    """Plugins of the site."""


@plugin.command("list")
@site_option
@json_option
def list_plugins(site: Path, *, as_json: bool) -> None:
    """List plugins with version, state (available, enabled, disabled, failed, missing), failure."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        states = plugin_states(ctx, platform.plugins)
    if as_json:
        print_json([_shown(one) for one in states])
        return
    for one in states:
        title = one.title.to(language())
        click.echo(f"{one.id}\t{one.version or one.served}\t{one.state}\t{title}")
        for line in one.reason.splitlines():
            click.echo(f"\t{line}")


def _shown(one: PluginState) -> dict[str, object]:
    return {
        "id": one.id,
        "version": one.version,
        "served": one.served,
        "title": one.title.to(language()),
        "state": one.state,
        "depends_on": one.depends_on,
        "reason": one.reason,
    }


@plugin.command("enable")
@click.argument("name")
@site_option
@json_option
def enable_plugin(name: str, site: Path, *, as_json: bool) -> None:
    """Enable the plugin NAME: its documents join the release, its hooks are called."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        before = ctx.snapshot.revision
        release = enable(ctx, platform.shelf, name)
    done(f"{name}: enabled", {"id": name, "release": release.revision}, as_json=as_json)
    if release.revision != before and not as_json:
        click.echo(Messages().say("plugin.read_at_start", language()))


@plugin.command("disable")
@click.argument("name")
@site_option
@json_option
def disable_plugin(name: str, site: Path, *, as_json: bool) -> None:
    """Disable the plugin NAME: its data stays readable, and it does nothing more."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        release = disable(ctx, platform.shelf, name)
    done(f"{name}: disabled", {"id": name, "release": release.revision}, as_json=as_json)


@plugin.command()
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where its folder is made; the working one if absent.",
)
@click.option("--entity", default="", help="An entity to add a field to; one of its own if absent.")
@site_option
@json_option
def new(name: str, folder: Path, entity: str, site: Path, *, as_json: bool) -> None:
    """Write a small plugin NAME that works, with its tests; needs no site."""
    with refusals():
        files = write_plugin(Starter(name=name, entity=entity), folder, language())
    project = files[0].parent
    text = f"{project}: {len(files)} files; check it: loopline plugin check {project}"
    result = {"id": name, "folder": str(project), "files": [str(one) for one in files]}
    done(text, result, as_json=as_json)


@plugin.command()
@click.argument("words", metavar="PATH_OR_NAME")
@site_option
@json_option
def check(words: str, site: Path, *, as_json: bool) -> None:
    """Check the plugin in PATH, or of a NAME that is installed or stands in the site's folder."""
    report = _check(words, site)
    wrong, messages = report.findings, Messages()
    if as_json:
        print_json(_told_of(report, messages))
    else:
        _tell(wrong, messages)
        if not wrong.errors:
            hooks = f"; {', '.join(report.hooks)}" if report.hooks else ""
            click.echo(
                f"{report.id} {report.version}: nothing wrong with {report.documents} documents"
                f"{hooks}"
            )
    if wrong.errors:
        raise SystemExit(1)


def _check(words: str, site: Path) -> PluginReport:
    """Answer what is wrong with a plugin; a PATH_OR_NAME that leads nowhere is wrong usage."""
    try:
        candidate = find_candidate(words, site / "plugins")
    except NotFound as error:
        raise click.UsageError(Messages().tell(error, language())) from None
    except NotValid as error:
        return PluginReport(words, findings=Findings(errors=list(error.problems)))
    return check_plugin(candidate, Schemas(), language())


def _tell(wrong: Findings, messages: Messages) -> None:
    """Print problems, one a line as ``where: what``."""
    for mark, problems in (("", wrong.errors), ("warning: ", wrong.warnings)):
        for one in problems:
            click.echo(f"{mark}{one.path}: {messages.tell(one, language())}", err=True)


def _told_of(report: PluginReport, messages: Messages) -> dict[str, object]:
    def told(problems: Sequence[Problem]) -> list[dict[str, str]]:
        return [
            {"path": one.path, "code": one.code, "message": messages.tell(one, language())}
            for one in problems
        ]

    return {
        "id": report.id,
        "version": report.version,
        "hooks": report.hooks,
        "documents": report.documents,
        "errors": told(report.findings.errors),
        "warnings": told(report.findings.warnings),
    }
