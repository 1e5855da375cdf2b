"""``loopline export``."""

from pathlib import Path
from typing import cast, get_args

import click

from loopline.cli.imports import find_actor
from loopline.cli.options import json_option, open_platform, print_json, refusals, site_option
from loopline.services.exports.export import ExportRequest, Format, export

_FORMATS = get_args(Format)


@click.command("export")
@click.argument("entity")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--view", default="", help="Columns, order and filter of this view; else all fields.")
@click.option("--filter", "condition", default="", metavar="EXPR", help="Only what fulfils this.")
@click.option("--as", "user", default="", metavar="USER", help="Act as the user with this e-mail.")
@site_option
@json_option
def export_command(entity: str, file: Path, site: Path, **given: str) -> None:
    """Export the records of ENTITY to FILE; its ending says as what: .xlsx, .csv or .json."""
    kind = file.suffix.lower().removeprefix(".")
    if kind not in _FORMATS:
        raise click.UsageError(f"{file.name}: the name must end in .{', .'.join(_FORMATS)}")
    request = ExportRequest(
        entity=entity,
        format=cast("Format", kind),
        view=given["view"],
        filter=given["condition"],
    )
    with refusals(), open_platform(site) as platform:
        actor = find_actor(platform, given["user"])
        partial = file.with_name(f".{file.name}.part")
        try:
            with platform.read(actor, via="cli") as ctx:
                count = export(ctx, request, partial)
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    if given["as_json"]:
        print_json({"file": str(file), "records": count})
    else:
        click.echo(f"{file}: {count}")
