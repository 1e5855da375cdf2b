"""Cells as csv: one line a row, heads joined, merged cells repeated so that every line is whole."""

import csv
from datetime import date, datetime
from decimal import Decimal
from io import StringIO

from loopline_reports.cells import Cell, CellGrid

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet would take for a formula at the beginning of a text."""


def flat(grid: CellGrid) -> bytes:
    """Answer csv in UTF-8 with a byte order mark, as spreadsheets read it."""
    places: list[list[Cell | None]] = [[None] * grid.width for _ in range(grid.height)]
    for one in grid.cells:
        for row in range(one.row, one.row + one.rows):
            for column in range(one.column, one.column + one.columns):
                places[row][column] = one
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(_head(places, grid.heads, column) for column in range(grid.width))
    for line in places[grid.heads :]:
        writer.writerow(_plain(one) for one in line)
    return out.getvalue().encode("utf-8-sig")


def _head(places: list[list[Cell | None]], heads: int, column: int) -> str:
    above = dict.fromkeys(places[row][column] for row in range(heads))
    return _safe(" / ".join(one.text for one in above if one is not None))


def _plain(cell: Cell | None) -> str:
    if cell is None or (cell.part == "value" and cell.value is None):
        return ""
    match cell.value:
        case bool():
            return cell.text
        case Decimal() as number:
            return f"{number:f}"
        case int() | float() as number:
            return str(number)
        case datetime() | date():
            return cell.text
        case _:
            return _safe(cell.text)


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_DANGEROUS) else text
