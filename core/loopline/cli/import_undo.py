"""``loopline import-undo``."""

import sys
from dataclasses import asdict, replace
from pathlib import Path

import click

from loopline.cli.imports import find_actor, progress_bar
from loopline.cli.options import (
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.services.imports.kept import kept_records
from loopline.services.imports.request import Undone
from loopline.services.imports.undo import begin_undo, undo


@click.command("import-undo")
@click.argument("import_id", type=int)
@click.option("--as", "user", default="", metavar="USER", help="Act as the user with this e-mail.")
@site_option
@json_option
def import_undo(import_id: int, user: str, site: Path, *, as_json: bool) -> None:
    """Undo the import IMPORT_ID: what it made is deleted, what it changed is set back.

    What somebody has changed since stays as it is, and is told.
    """
    with refusals(), open_platform(site) as platform:
        with platform.write(find_actor(platform, user), via="import") as ctx:
            begin_undo(ctx, import_id)
        with progress_bar(shown=not as_json) as progress:
            report = undo(platform.open_as, import_id, progress)
        done = report.undone or Undone()
        with platform.read(via="import") as read:
            ctx = replace(read, actor=replace(read.actor, language=language()))
            kept = list(kept_records(ctx, done))
        if as_json:
            print_json({**asdict(report), "problems": [asdict(one) for one in kept]})
        else:
            for one in kept:
                click.echo(f"{one.entity}/{one.id} {one.title}: {one.message}", err=True)
            say = platform.messages.say
            click.echo(say("import.undone", language(), id=import_id, **asdict(done)))
    sys.exit(1 if done.kept else 0)
