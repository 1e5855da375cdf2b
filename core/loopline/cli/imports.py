"""``loopline import`` and ``loopline import-resume``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, cast

import click

from loopline.access.accounts import find_user
from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.cli.import_told import FIRST_REFUSALS, Told, as_body, print_told
from loopline.cli.options import (
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import NotFound
from loopline.services.imports.columns import columns_left_out, columns_read
from loopline.services.imports.errors_file import refusals as refusals_of
from loopline.services.imports.errors_file import write_errors
from loopline.services.imports.request import ImportOptions, ImportRequest, OnMatch
from loopline.services.imports.run import Progress, run
from loopline.services.imports.start import report as report_as_it_stands
from loopline.services.imports.start import start

_ON_MATCH: Final = ("skip", "update", "fill", "error")
_READABLE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_errors_option = click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Write refused rows as xlsx."
)


def _not_there(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    """Refuse a file that is there: a mapping that somebody mended is theirs."""
    if path is not None and path.exists():
        raise click.BadParameter(f"{path} is there already.")
    return path


@click.command("import")
@click.argument("entity")
@click.argument("file", type=_READABLE)
@click.option("--mapping", type=_READABLE, help="Which heading is which field.")
@click.option(
    "--write-mapping",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_not_there,
    help="Write what was made of the headings as a mapping file, to be mended.",
)
@click.option("--sheet", default="", help="Sheet of a workbook, or file in a zip.")
@click.option("--encoding", default="", help="Encoding of a text file; detected if absent.")
@click.option("--key", default="", metavar="FIELD", help="Field by which rows find records.")
@click.option("--on-match", type=click.Choice(_ON_MATCH), help="What to do with found records.")
@click.option("--mine", is_flag=True, help="New records without an owner are the user's.")
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
@_errors_option
@click.option("--no-assign", is_flag=True, help="Do not run rules of assignment.")
@click.option("--no-flows", is_flag=True, help="Do not start flows.")
@click.option("--new", is_flag=True, help="Start afresh where the same import is unfinished.")
@click.option("--as", "user", default="", metavar="USER", help="Act as the user with this e-mail.")
@site_option
@json_option
def import_command(entity: str, file: Path, site: Path, **given: Any) -> None:
    """Import FILE (csv, xlsx, xls, json; also in a zip or gzip) into ENTITY."""
    options = ImportOptions(
        mapping=given["mapping"].read_text("utf-8") if given["mapping"] else "",
        sheet=given["sheet"],
        encoding=given["encoding"],
        key=given["key"],
        on_match=cast("OnMatch", given["on_match"] or ""),
        dry_run=given["dry_run"],
        assign=not given["no_assign"],
        flows=not given["no_flows"],
        mine=given["mine"],
    )
    request = ImportRequest(entity=entity, file_name=file.name, content=file, options=options)
    with refusals(), open_platform(site) as platform:
        actor = find_actor(platform, given["user"])
        with platform.write(actor, via="import") as ctx:
            import_id = start(ctx, request, platform.settings.files, new=given["new"])
        if given["write_mapping"]:
            with platform.read(via="import") as read:
                mapping = report_as_it_stands(read, import_id).mapping
            given["write_mapping"].write_text(mapping, encoding="utf-8")
        _perform(platform, import_id, given["errors"], as_json=given["as_json"])


@click.command("import-resume")
@click.argument("import_id", type=int)
@_errors_option
@site_option
@json_option
def import_resume(import_id: int, errors: Path | None, site: Path, *, as_json: bool) -> None:
    """Continue the import IMPORT_ID where it stopped."""
    with refusals(), open_platform(site) as platform:
        _perform(platform, import_id, errors, as_json=as_json)


def find_actor(platform: Platform, email: str) -> Actor:
    """Answer the user with an e-mail address, the system for none. Raises NotFound."""
    if not email:
        return SYSTEM
    with platform.read(via="cli") as ctx:
        user = find_user(ctx.connection, ctx.snapshot.table("user"), email)
        actor = None if user is None else platform.actor(ctx.connection, user)
    if actor is None:
        raise NotFound(code="user.not_found", email=email)
    return actor


def _perform(platform: Platform, import_id: int, errors: Path | None, *, as_json: bool) -> None:
    files = platform.settings.files
    with progress_bar(shown=not as_json) as progress:
        report = run(platform.open_as, files, import_id, progress)
    with platform.read(via="import") as read:
        ctx = replace(read, locale=replace(read.locale, language=language()))
        told = Told(
            report=report,
            read=columns_read(ctx, report),
            left_out=columns_left_out(ctx, report),
            refused=refusals_of(ctx, import_id, None if as_json else FIRST_REFUSALS),
            written=errors if report.failed else None,
        )
        if told.written is not None:
            write_errors(ctx, import_id, files, told.written)
    if as_json:
        print_json(as_body(told))
    else:
        print_told(lambda key, **params: platform.messages.say(key, language(), **params), told)
    sys.exit(1 if report.failed else 0)


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Progress | None]:
    """Show a bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    if not shown or not console.is_terminal:
        yield None
        return
    with Bar(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console) as bar:
        task = bar.add_task("")

        def advance(done: int, total: int | None) -> None:
            bar.update(task, completed=done, total=total)

        yield advance
