"""``loopline plugin``: which plugins there are and how they fare."""

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
        release = enable(ctx, platform.shelf, name)
    done(f"{name}: enabled", {"id": name, "release": release.revision}, as_json=as_json)


@plugin.command("disable")
@click.argument("name")
@site_option
@json_option
def disable_plugin(name: str, site: Path, *, as_json: bool) -> None:
    """Disable the plugin NAME: its data stays readable, and it does nothing more."""
    with refusals(), open_platform(site) as platform, platform.write(via="cli") as ctx:
        release = disable(ctx, platform.shelf, name)
    done(f"{name}: disabled", {"id": name, "release": release.revision}, as_json=as_json)
