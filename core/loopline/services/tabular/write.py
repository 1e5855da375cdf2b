"""The writers of tables that go out; each streams, and what it writes is read back the same."""

import io
import json
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from zoneinfo import ZoneInfo

from loopline.services.tabular.escape import escape
from loopline.services.tabular.refuse import refusal

Value = str | int | Decimal | bool | date | datetime | None
Target = Path | BinaryIO

_NEEDS_QUOTES: Final = re.compile(r"[,;\t|\"\r\n']|^\s|\s$|^$")
_EXACT_DIGITS: Final = 15
_LONGEST_CELL: Final = 32_767
_FIRST_EXACT_DAY: Final = date(1900, 3, 1)  # spreadsheets believe in 29 February 1900


class TableWriter(Protocol):
    """Writes one table: the header once, then rows, then closed."""

    def write_header(self, labels: Sequence[str]) -> None:
        """Write the headings."""

    def write_row(self, values: Sequence[Value]) -> None:
        """Write one row."""

    def close(self) -> None:
        """Finish the file."""


class CsvWriter:
    """Writes csv that spreadsheets open as UTF-8 and in which no text runs as a formula.

    Every text holding any usual separator is quoted, so detection cannot go astray.
    Source: RFC 4180.
    """

    def __init__(self, target: Target, *, mark: bool = True) -> None:
        self._stream, self._owned = _opened(target)
        self._text = io.TextIOWrapper(
            self._stream, encoding="utf-8-sig" if mark else "utf-8", newline=""
        )

    def write_header(self, labels: Sequence[str]) -> None:
        """Write the headings."""
        self.write_row(labels)

    def write_row(self, values: Sequence[Value]) -> None:
        """Write one row; numbers as they are, texts escaped, moments in ISO 8601."""
        self._text.write(",".join(map(_csv_cell, values)) + "\r\n")

    def close(self) -> None:
        """Finish the file; a stream that was handed in stays open."""
        _finish(self._text, owned=self._owned)


class JsonWriter:
    """Writes an array of objects, one a line, keyed by heading; decimals as texts, exactly."""

    def __init__(self, target: Target) -> None:
        self._stream, self._owned = _opened(target)
        self._text = io.TextIOWrapper(self._stream, encoding="utf-8", newline="")
        self._labels: tuple[str, ...] = ()
        self._before = "["

    def write_header(self, labels: Sequence[str]) -> None:
        """Set the keys of every object that follows."""
        self._labels = tuple(labels)

    def write_row(self, values: Sequence[Value]) -> None:
        """Write one object."""
        pairs = dict(zip(self._labels, values, strict=True))
        body = json.dumps(pairs, ensure_ascii=False, default=_text_of)
        self._text.write(f"{self._before}\n{body}")
        self._before = ","

    def close(self) -> None:
        """Finish the array; a stream that was handed in stays open."""
        self._text.write("[]\n" if self._before == "[" else "\n]\n")
        _finish(self._text, owned=self._owned)


class XlsxWriter:
    """Writes one sheet with typed cells, row by row, without holding the table in memory.

    A value a spreadsheet cannot hold exactly (more than 15 digits, a fraction of a millisecond, a
    day before March 1900) is written as text. Aware moments are written in ``zone``, or as ISO
    text with their offset when it is None.
    """

    def __init__(self, target: Target, *, sheet: str = "Sheet1", zone: str | None = None) -> None:
        import xlsxwriter

        self._name = sheet
        self._zone = ZoneInfo(zone) if zone else None
        self._book = xlsxwriter.Workbook(
            str(target) if isinstance(target, Path) else target,
            {"constant_memory": True, "default_date_format": "yyyy-mm-dd"},
        )
        self._sheet = self._book.add_worksheet(_sheet_name(sheet))
        self._bold = self._book.add_format({"bold": True})
        self._moment = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._labels: tuple[str, ...] = ()
        self._row = 0

    def write_header(self, labels: Sequence[str]) -> None:
        """Write the headings, bold, and keep them in view."""
        self._labels = tuple(labels)
        for column, label in enumerate(labels):
            self._sheet.write_string(self._row, column, label, self._bold)
        self._row += 1
        self._sheet.freeze_panes(self._row, 0)

    def write_row(self, values: Sequence[Value]) -> None:
        """Write one row. Raises NotValid ``file.cell_too_long`` beyond 32,767 characters."""
        for column, value in enumerate(values):
            if value is not None:
                self._write(column, value)
        self._row += 1

    def close(self) -> None:
        """Finish the file; a stream that was handed in stays open."""
        self._book.close()

    def _write(self, column: int, value: str | int | Decimal | bool | date | datetime) -> None:
        native = value if isinstance(value, str) else self._native(value)
        if isinstance(native, str):
            if len(native) > _LONGEST_CELL:
                raise refusal(self._name, "file.cell_too_long", row=self._row + 1)
            self._sheet.write_string(self._row, column, native)
        elif isinstance(native, bool):
            self._sheet.write_boolean(self._row, column, native)
        elif isinstance(native, int | Decimal):
            self._sheet.write_number(self._row, column, native)
        elif isinstance(native, datetime):
            self._sheet.write_datetime(self._row, column, native, self._moment)
        else:
            self._sheet.write_datetime(self._row, column, native)

    def _native(
        self, value: int | Decimal | bool | date | datetime
    ) -> str | int | Decimal | bool | date | datetime:
        """Answer the value itself where a cell holds it exactly, else its text."""
        if isinstance(value, bool):
            return value
        if isinstance(value, int | Decimal):
            return value if _fits_a_double(value) else _text_of(value)
        if isinstance(value, datetime) and value.tzinfo is not None and self._zone is not None:
            local = value.astimezone(self._zone)
            if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
                return _text_of(value)  # the hour that happens twice
            value = local.replace(tzinfo=None)
        if isinstance(value, datetime):
            exact = value.tzinfo is None and value.microsecond % 1000 == 0
            return value if exact and value.date() >= _FIRST_EXACT_DAY else _text_of(value)
        return value if value >= _FIRST_EXACT_DAY else _text_of(value)


def _csv_cell(value: Value) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        return _text_of(value)
    text = escape(value)
    return '"{}"'.format(text.replace('"', '""')) if _NEEDS_QUOTES.search(text) else text


def _text_of(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _fits_a_double(value: int | Decimal) -> bool:
    number = Decimal(value)
    digits = len(number.normalize().as_tuple().digits) if number.is_finite() else _EXACT_DIGITS + 1
    return digits <= _EXACT_DIGITS and (not number or -15 <= number.adjusted() <= 15)


def _sheet_name(text: str) -> str:
    """Answer the text as Excel allows it for a sheet: 31 characters, without []:*?/\\ ."""
    return re.sub(r"[\[\]:*?/\\]", " ", text).strip(" '")[:31] or "Sheet1"


def _opened(target: Target) -> tuple[BinaryIO, bool]:
    return (target.open("wb"), True) if isinstance(target, Path) else (target, False)


def _finish(text: io.TextIOWrapper, *, owned: bool) -> None:
    text.flush()
    if owned:
        text.close()
    else:
        text.detach()
