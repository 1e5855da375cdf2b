"""What came of an import, as it is told at a terminal and to programs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import click

from loopline.services.imports.columns import ColumnLeftOut, ColumnRead
from loopline.services.imports.errors_file import Refusal
from loopline.services.imports.request import ImportReport

Say = Callable[..., str]
FIRST_REFUSALS: Final = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An import with its columns and refused rows, in words of the reader's language."""

    report: ImportReport
    read: Sequence[ColumnRead]
    left_out: Sequence[ColumnLeftOut]
    refused: Sequence[Refusal]


def as_body(told: Told) -> Mapping[str, Any]:
    """Answer an import for programs."""
    return {
        **asdict(told.report),
        "ignored": [one.params["column"] for one in told.report.ignored],
        "columns": [asdict(one) for one in told.read],
        "left_out": [asdict(one) for one in told.left_out],
        "problems": [asdict(one) for one in told.refused],
    }


def print_told(say: Say, told: Told) -> None:
    """Print what was made of the columns, the first refused rows, and the counts.

    A rehearsal tells every column; a run only those that nobody could place.
    """
    report = told.report
    if report.dry_run:
        _print_columns(say, told)
    else:
        for one in told.left_out[: len(report.unmatched)]:
            click.echo(f"{report.file_name}: {one.message}", err=True)
    for row in told.refused:
        place = f"{report.file_name}:{row.row}" + (f" {row.column}" if row.column else "")
        click.echo(f"{place}: {row.message}", err=True)
    if len(told.refused) == FIRST_REFUSALS:
        click.echo(say("import.more_problems", failed=report.failed, id=report.id), err=True)
    if report.from_memory:
        click.echo(say("import.from_memory"))
    key = "import.rehearsed" if report.dry_run else "import.finished"
    click.echo(say(key, **asdict(report)))
    if report.look_alikes:
        click.echo(say("import.look_alikes", count=report.look_alikes, entity=report.entity))


def _print_columns(say: Say, told: Told) -> None:
    """Print which column fills which field, and which fill none and why."""
    click.echo(say("import.columns_read", file=told.report.file_name))
    for one in told.read:
        key = "import.column_found_by" if one.by else "import.column_read"
        click.echo("  " + say(key, **asdict(one)))
    if told.left_out:
        click.echo(say("import.columns_left_out"))
    for left in told.left_out:
        click.echo("  " + left.message)
