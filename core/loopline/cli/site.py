"""``loopline init`` and ``loopline upgrade``."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import rmtree

import click

from loopline.bootstrap import Platform, build_platform
from loopline.cli.options import (
    check_password,
    done,
    json_option,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import LooplineError
from loopline.settings import load_settings
from loopline.sites import NewSite, add_user, available_plugins, create_site, load_seeds
from loopline.sites import upgrade as upgrade_site
from loopline.store.backup.scratch import scratch_copy


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--database", default="", help="sqlite:///… or postgresql://…; a file in the folder.")
@click.option("--pack", "packs", multiple=True, help="Vertical pack by name or folder; repeatable.")
@click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@click.option("--name", default="Loopline", help="Name of the site, shown in its head.")
@click.option("--admin-email", default="", help="The first administrator.")
@click.option("--admin-password", default="", envvar="LOOPLINE_ADMIN_PASSWORD")
@json_option
def init(  # noqa: PLR0913, PLR0917 one parameter for each option of the command
    folder: Path,
    database: str,
    packs: tuple[str, ...],
    language: str,
    name: str,
    admin_email: str,
    admin_password: str,
    *,
    as_json: bool,
) -> None:
    """Make a new site in FOLDER with all installed plugins enabled."""
    if bool(admin_email) != bool(admin_password):
        raise click.UsageError("--admin-email and --admin-password go together")
    with refusals(), _whole(folder):
        if admin_password:
            check_password(admin_password)
        new = NewSite(
            folder=folder, database_url=database, name=name, language=language, packs=packs
        )
        platform = create_site(new)
        try:
            rows = load_seeds(platform, demo=False)
            if admin_email:
                add_user(platform, admin_email, admin_email, admin_password, administrator=True)
            failures = platform.plugins.failures
        finally:
            platform.close()
    text = f"{folder}: a site with {rows} seeded records; serve it: loopline serve --site {folder}"
    result = {"site": str(folder), "seeded": rows, "failed": dict(failures)}
    done(text, result, as_json=as_json)
    for plugin, reason in failures.items():
        click.echo(f"plugin {plugin} is not in it: {reason}", err=True)


@contextmanager
def _whole(folder: Path) -> Iterator[None]:
    """Leave no half-made folder behind where a new site could not be made."""
    new = not folder.exists()
    try:
        yield
    except LooplineError:
        if new:
            rmtree(folder, ignore_errors=True)
        raise


@click.command()
@click.option("--rehearse", is_flag=True, help="Try it on a copy of the database, then drop that.")
@site_option
@json_option
def upgrade(site: Path, *, rehearse: bool, as_json: bool) -> None:
    """Take newer files of Loopline, enabled plugins and packs; report drift and new plugins."""
    with refusals(), (_rehearsing if rehearse else open_platform)(site) as platform:
        release, drift = upgrade_site(platform)
        rows = load_seeds(platform, demo=False)
        if not rehearse:  # a job may send mail
            platform.worker().run_due()
        available = available_plugins(platform, release)
        failures = dict(platform.plugins.failures)
    if as_json:
        result = {"release": release.revision, "seeded": rows, "drift": drift}
        print_json(result | {"available": available, "failed": failures})
        return
    rehearsed = "rehearsed, nothing was changed: " if rehearse else ""
    click.echo(f"{rehearsed}release {release.revision}, {rows} new seeded records")
    for plugin in available:
        click.echo(f"plugin {plugin} is available, not enabled")
    for place, kind in drift.items():
        click.echo(f"{place}: {kind}")
    for plugin, reason in failures.items():
        click.echo(f"plugin {plugin} is not in it: {reason}", err=True)


@contextmanager
def _rehearsing(folder: Path) -> Iterator[Platform]:
    """Open the site on a copy of its database, which is gone afterwards."""
    settings = load_settings(folder)
    aside = settings.folder / "backups"
    aside.mkdir(exist_ok=True)
    with open_platform(folder) as original, scratch_copy(original.database, aside) as url:
        platform = build_platform(replace(settings, database_url=url))
        try:
            yield platform
        finally:
            platform.close()
