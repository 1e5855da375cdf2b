"""``loopline plugin``: which plugins there are and how they fare."""

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


@click.group()
def plugin() -> None:
    """Plugins of the site."""


@plugin.command("list")
@site_option
@json_option
def list_plugins(site: Path, *, as_json: bool) -> None:
    """List installed plugins, whether they are in the release, and why one failed."""
    with refusals(), open_platform(site) as platform:
        with platform.read(via="cli") as ctx:
            enabled = set(ctx.catalog.release.plugins)
        found = [
            {
                "id": one.id,
                "version": one.version,
                "title": one.title.to(language()),
                "state": "enabled" if one.id in enabled else "available",
            }
            for one in platform.plugins.manifests.values()
        ]
        found += [
            {"id": name, "version": "", "title": reason, "state": "failed"}
            for name, reason in platform.plugins.failures.items()
        ]
    if as_json:
        print_json(found)
        return
    for one in found:
        click.echo(f"{one['id']}\t{one['version']}\t{one['state']}\t{one['title']}")
