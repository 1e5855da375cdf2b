"""Cells as a workbook: heads merged as on the page, numbers as numbers."""

from decimal import Decimal
from io import BytesIO
from typing import Any, Final

from loopline_reports.cells import Cell, CellGrid, NumberFormat

_COLOURS: Final = {"danger": "#B42318", "warn": "#B54708", "ok": "#067647"}
_WIDEST: Final = 40
_SHEET_NAME: Final = 31
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_EXACT_DIGITS: Final = 15
"""Workbooks hold numbers as doubles; longer ones stay texts."""


def xlsx(grid: CellGrid) -> bytes:
    """Answer a workbook of one sheet: a title, the table, and the notes below."""
    import xlsxwriter

    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        formats = _Formats(book)
        name = grid.title.translate(_FORBIDDEN).strip()[:_SHEET_NAME] or "1"
        sheet = book.add_worksheet(name)
        top = 2
        sheet.write_string(0, 0, grid.title, book.add_format({"bold": True, "font_size": 14}))
        sheet.write_string(1, 0, grid.subject, book.add_format({"font_color": "#667085"}))
        for one in grid.cells:
            _write(sheet, one, top, formats.of(one))
        for place, note in enumerate(grid.notes):
            sheet.write_string(top + grid.height + 1 + place, 0, note)
        for column, width in enumerate(_widths(grid)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(top + grid.heads, grid.stubs)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(top, top + grid.heads - 1)
    return out.getvalue()


def excel_format(form: NumberFormat) -> str:
    """Answer the number format of a workbook that writes numbers as the page does."""
    digits = f"#,##0{'.' + '0' * form.decimals if form.decimals else ''}"
    if form.percent:
        return f"{digits}%"
    return f'"{form.currency}" {digits}' if form.currency else digits


class _Formats:
    """The formats of a book, each made once."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[tuple[object, ...], Any] = {}

    def of(self, cell: Cell) -> Any:
        """Answer the format of a cell."""
        key = (cell.part, cell.total, cell.style, cell.format)
        if key not in self._known:
            self._known[key] = self._book.add_format(_settings(cell))
        return self._known[key]


def _settings(cell: Cell) -> dict[str, object]:
    settings: dict[str, object] = {"border": 1, "border_color": "#D0D5DD", "valign": "vcenter"}
    if cell.part == "head":
        settings |= {"bold": True, "bg_color": "#EEF2F3", "align": "center", "text_wrap": True}
    elif cell.part == "stub":
        settings |= {"valign": "top"}
    else:
        settings |= {"align": "right"}
    if cell.total and cell.part != "head":
        settings |= {"bold": True, "bg_color": "#F5F7F8"}
    if cell.style in _COLOURS:
        settings |= {"font_color": _COLOURS[cell.style]}
    if cell.format is not None:
        settings["num_format"] = excel_format(cell.format)
    return settings


def _write(sheet: Any, cell: Cell, top: int, form: Any) -> None:
    row, column = top + cell.row, cell.column
    if cell.rows > 1 or cell.columns > 1:
        sheet.merge_range(
            row, column, row + cell.rows - 1, column + cell.columns - 1, cell.text, form
        )
    elif cell.format is not None and _fits(cell.value):
        sheet.write_number(row, column, float(str(cell.value)), form)
    elif cell.value is None and cell.part == "value":
        sheet.write_blank(row, column, None, form)
    else:
        sheet.write_string(row, column, cell.text, form)


def _fits(value: object) -> bool:
    if isinstance(value, Decimal):
        return len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS
    return isinstance(value, float) or (isinstance(value, int) and abs(value) < 10**_EXACT_DIGITS)


def _widths(grid: CellGrid) -> list[int]:
    found = [8] * grid.width
    for one in grid.cells:
        if one.columns == 1:
            size = sum(2 if ord(letter) > 0x2E80 else 1 for letter in one.text) + 2
            found[one.column] = min(_WIDEST, max(found[one.column], size))
    return found
