"""Workbooks: xls and xlsx read by calamine, with native types and the values of formulas."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from loopline.services.tabular.header import HEAD_ROWS, is_blank
from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.source import Source
from loopline.services.tabular.table import Limits

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_EXACT_INTEGER = 1 << 53


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet of a workbook, with the names of all that can be seen."""

    name: str
    names: tuple[str, ...]
    cells: "CalamineSheet"

    @property
    def left(self) -> int:
        """Answer the 0-based column at which rows begin: blank columns before it are left out."""
        return self.cells.start[1] if self.cells.start else 0

    def rows(self) -> Iterator[tuple[int, tuple[object, ...]]]:
        """Yield every row from the first, 1-based, empty cells as None."""
        for number, row in enumerate(self.cells.iter_rows(), start=1):
            yield number, tuple(map(_native, row))

    def head(self) -> list[tuple[object, ...]]:
        """Answer the first rows with cells merged downwards filled in, as headings often are."""
        rows: list[list[object]] = []
        for number, row in self.rows():
            if number > HEAD_ROWS:
                break
            rows.append(list(row))
        for (top, left), (bottom, right) in self.cells.merged_cell_ranges or ():
            column = left - self.left
            if left == right and bottom < len(rows) and 0 <= column < len(rows[top]):
                for index in range(top + 1, bottom + 1):
                    rows[index][column] = rows[top][column]
        return [tuple(row) for row in rows]


def open_sheet(source: Source, wanted: str, limits: Limits) -> Sheet:
    """Answer the wanted sheet, else the first visible one that holds a table.

    A sheet of one column is taken (help texts come so) only where no other has more. Raises
    NotValid: ``file.damaged``, ``file.password``, ``file.sheet`` (no such sheet),
    ``file.empty``, ``file.too_many_rows``.
    """
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    workbook = _open(source)
    names = tuple(
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    )
    if wanted and wanted not in workbook.sheet_names:
        raise refusal(source.name, "file.sheet", sheet=wanted, sheets=", ".join(names))
    narrow: Sheet | None = None
    for name in (wanted,) if wanted else names:
        sheet = Sheet(name, names, _load(source, workbook, name, limits))
        if sheet.cells.width > 1 or (wanted and sheet.cells.height):
            return sheet
        if narrow is None and any(not is_blank(cell) for row in sheet.head() for cell in row):
            narrow = sheet
    if narrow is None:
        raise refusal(source.name, "file.empty", sheet=wanted)
    return narrow


def _open(source: Source) -> "CalamineWorkbook":
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    with source.open() as stream:
        data = stream.read()
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise refusal(source.name, "file.password")
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise refusal(source.name, "file.password") from error
    except (CalamineError, OSError) as error:
        raise refusal(source.name, "file.damaged") from error


def _load(
    source: Source, workbook: "CalamineWorkbook", name: str, limits: Limits
) -> "CalamineSheet":
    from python_calamine import CalamineError

    try:
        sheet = workbook.get_sheet_by_name(name)
    except (CalamineError, OSError) as error:
        raise refusal(source.name, "file.damaged") from error
    if sheet.total_height > limits.sheet_rows:
        raise refusal(source.name, "file.too_many_rows", limit=limits.sheet_rows)
    return sheet


def _native(cell: object) -> object:
    """Answer the cell as Python means it: spreadsheets store whole numbers as floats."""
    if cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < _EXACT_INTEGER:
        return int(cell)
    return cell
