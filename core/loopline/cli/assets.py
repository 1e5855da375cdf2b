"""``loopline assets``: install the third-party files of the pages and seeds."""

from pathlib import Path

import click

from loopline.cli.options import site_option
from loopline.web.asset_files import find_asset_lists, find_npm, install


@click.command()
@click.option("--force", is_flag=True, help="Install again what is already there.")
@site_option
def assets(site: Path, *, force: bool) -> None:
    """Fetch web assets from npm and build what plugins make from them; they serve every site."""
    wanted = [one for one in find_asset_lists() if force or not one.is_current()]
    if not wanted:
        click.echo("assets: everything is there")
        return
    npm = find_npm()
    for one in wanted:
        for made in install(one, npm=npm):
            click.echo(f"assets: {_shown(made)}")


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
