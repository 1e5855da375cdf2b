"""What came of an import, as it is told at a terminal and to programs."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import click

from loopline.services.imports.columns import ColumnLeftOut, ColumnRead
from loopline.services.imports.errors_file import Refusal
from loopline.services.imports.request import ImportReport

Say = Callable[..., str]
FIRST_REFUSALS: Final = 20
_ROWS: Final = 3
_MISSING: Final = frozenset({"field.required"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An import with its columns and refused rows, in words of the reader's language."""

    report: ImportReport
    read: Sequence[ColumnRead]
    left_out: Sequence[ColumnLeftOut]
    refused: Sequence[Refusal]
    written: Path | None


def as_body(told: Told) -> Mapping[str, Any]:
    """Answer an import for programs."""
    counts = asdict(told.report)
    del counts["failure"]
    return {
        **counts,
        "error": "\n".join(map(str, told.report.failure)) or None,
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
    for place, message in _places(say, told.refused):
        click.echo(f"{report.file_name}:{place}: {message}", err=True)
    if told.written is not None:
        written = say("import.refused_written", failed=report.failed, file=told.written)
        click.echo(written, err=True)
    elif len(told.refused) == FIRST_REFUSALS:
        click.echo(say("import.more_problems", failed=report.failed, id=report.id), err=True)
    if report.from_memory:
        click.echo(say("import.from_memory"))
    key = "import.rehearsed" if report.dry_run else "import.finished"
    click.echo(say(key, **asdict(report)))
    if report.look_alikes:
        click.echo(say("import.look_alikes", count=report.look_alikes, entity=report.entity))


def _places(say: Say, refused: Sequence[Refusal]) -> Iterator[tuple[str, str]]:
    """Yield each reason with its place; one that is about no column is told once for all rows."""
    rows: dict[str, list[int]] = defaultdict(list)
    for one in refused:
        if not one.column:
            rows[one.message].append(one.row)
    for one in refused:
        if one.column:
            yield f"{one.row} {one.column}", one.message
        elif one.message in rows:
            missing = one.code in _MISSING
            reason = say("import.no_column", message=one.message) if missing else one.message
            yield _numbers(rows.pop(one.message)), reason


def _numbers(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:_ROWS]))
    return f"{shown} …" if len(rows) > _ROWS else shown


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
