"""``loopline backup`` and ``loopline restore``."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from loopline.cli.options import done, json_option, open_platform, refusals, site_option
from loopline.clock import SystemClock
from loopline.services.backup.manifest import Manifest
from loopline.services.backup.restoring import restore_archive
from loopline.services.backup.target import RestoreRequest
from loopline.services.backup.writing import write_archive


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@site_option
@json_option
def backup(file: Path, site: Path, *, as_json: bool) -> None:
    """Write the site (database, files, settings without passwords) to FILE, a zip archive."""
    with refusals(), open_platform(site) as platform, _telling() as tell:
        now = platform.clock.now()
        manifest = write_archive(file, platform.settings, platform.database, now, tell)
    size = file.stat().st_size
    text = f"{file}: {size} bytes, release {manifest.release}, {len(manifest.members)} parts"
    done(text, {"file": str(file), "bytes": size, **_told(manifest)}, as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--database", default="", help="Address of an empty database; a file in DIR.")
@click.option("--replace", is_flag=True, help="Take the place of the site that is there.")
@json_option
def restore(file: Path, folder: Path, database: str, *, replace: bool, as_json: bool) -> None:
    """Make the site in DIR what it was when FILE was written; check the archive before."""
    request = RestoreRequest(
        file=file, folder=folder, now=SystemClock().now(), database=database, replace=replace
    )
    with refusals(), _telling() as tell:
        manifest = restore_archive(request, tell)
    text = (
        f"{folder}: release {manifest.release} of {manifest.created_at:%Y-%m-%d %H:%M} UTC; "
        f"take newer files of Loopline: loopline upgrade --site {folder}"
    )
    done(text, {"site": str(folder), **_told(manifest)}, as_json=as_json)


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "loopline": manifest.loopline,
        "database": manifest.database,
        "release": manifest.release,
        "created_at": manifest.created_at,
        "parts": len(manifest.members),
    }


@contextmanager
def _telling() -> Iterator[Callable[[str], None]]:
    """Show on a terminal what is at its turn."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    out = Console(stderr=True)
    with Progress(*columns, console=out, disable=not out.is_terminal, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda name: progress.update(task, description=name)
