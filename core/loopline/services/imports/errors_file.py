"""The rows an import refused, as a list and as a file that can be mended and imported again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, cast

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.imports.opening import open_table
from loopline.services.imports.plan import ERROR_HEADINGS, error_headings, mapping_of
from loopline.services.imports.request import ImportOptions
from loopline.services.tabular.write import Value, XlsxWriter
from loopline.store import imports as store
from loopline.store.imports import RowProblem


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a row was refused, told in the reader's language."""

    row: int
    column: str
    code: str
    message: str


def refusals(ctx: Context, import_id: int, limit: int | None = None) -> list[Refusal]:
    """Answer the reasons of a run in file order."""
    return [_told(ctx, one) for one in store.problems(ctx.connection, import_id, limit)]


def write_errors(ctx: Context, import_id: int, files: Path, target: Path | BinaryIO) -> int:
    """Write the refused rows as xlsx: their own columns, then row number, columns and reasons.

    Answers how many rows there are. The added columns are left out when the file is imported.
    """
    run = store.read(ctx.connection, import_id)
    options = ImportOptions.from_json(run.options)
    mapping = mapping_of(options, run.entity)
    table = open_table(
        files / run.stored_file, run.file_name, options, mapping.header_row if mapping else None
    )
    added = error_headings(ctx.messages)
    kept = [index for index, one in enumerate(table.headings) if one not in added]
    say, language = ctx.messages.say, ctx.locale.language
    writer = XlsxWriter(target)
    writer.write_header(
        [
            *(table.headings[index] for index in kept),
            *(say(key, language) for key in ERROR_HEADINGS),
        ]
    )
    count = 0
    for row, cells, reasons in _by_row(ctx, import_id):
        padded = [*cells, *[None] * (len(table.headings) - len(cells))]
        columns = dict.fromkeys(one.column for one in reasons if one.column)
        texts = dict.fromkeys(one.message for one in reasons)
        writer.write_row(
            [*(_cell(padded[index]) for index in kept), row, ", ".join(columns), "\n".join(texts)]
        )
        count += 1
    writer.close()
    return count


def _by_row(ctx: Context, import_id: int) -> Iterator[tuple[int, list[object], list[Refusal]]]:
    found = store.problems(ctx.connection, import_id)
    for row, group in groupby(found, key=lambda one: one.row):
        reasons = list(group)
        cells = next((list(one.cells) for one in reasons if one.cells), [])
        yield row, cells, [_told(ctx, one) for one in reasons]


def _told(ctx: Context, one: RowProblem) -> Refusal:
    params: Mapping[str, object] = {name: v for name, v in one.params.items() if name != "_path"}
    problem = Problem(str(one.params.get("_path", "")), one.code, params)
    return Refusal(one.row, one.column, one.code, ctx.messages.tell(problem, ctx.locale.language))


def _cell(value: object) -> Value:
    if value is None or isinstance(value, str | int | bool | date | datetime):
        return value
    return cast("Value", str(value)) if not isinstance(value, float) else _number(value)


def _number(value: float) -> Value:
    return int(value) if value.is_integer() else Decimal(repr(value))
