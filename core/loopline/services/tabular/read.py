"""The door for files that come in: what kind it is, where its table is, its rows as a stream."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from loopline.errors import Problem
from loopline.services.tabular.delimited import RawRow, delimited_rows, detect_dialect
from loopline.services.tabular.detect import detect_encoding
from loopline.services.tabular.header import (
    HEAD_ROWS,
    column_letter,
    find_header,
    headings,
    is_blank,
)
from loopline.services.tabular.package import Place, check_package, error_cells
from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.source import (
    ZIP,
    Source,
    source_of,
    table_names,
    zip_entries,
    zip_member,
)
from loopline.services.tabular.table import FileKind, ReadOptions, Row, Table
from loopline.services.tabular.workbook import open_sheet

_COMPOUND_FILE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHER_KINDS: Final = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"<?xml", "XML"),
    (b"<!doctype html", "HTML"),
    (b"<html", "HTML"),
    (b"<table", "HTML"),
    (b"{", "JSON"),
    (b"[{", "JSON"),
    (b"{\\rtf", "RTF"),
    (b"PAR1", "Parquet"),
)


def read(origin: Path | bytes, name: str, options: ReadOptions | None = None) -> Table:
    """Answer the table in a csv, xls or xlsx file, which may be inside a gzip or zip.

    The kind is told by content, never by the name. Raises NotValid with a problem that names the
    file and the place: ``file.empty``, ``file.no_rows``, ``file.kind``, ``file.encoding``,
    ``file.undecodable``, ``file.quotes``, ``file.damaged``, ``file.password``, ``file.bomb``,
    ``file.sheet``, ``file.choose_table``, ``file.header_row`` and the like.
    """
    options = options or ReadOptions()
    source = source_of(origin, name, options.limits)
    head = source.head()
    if not head:
        raise refusal(name, "file.empty")
    if head.startswith(ZIP):
        return _from_zip(source, options)
    if head.startswith(_COMPOUND_FILE):
        return _from_workbook(source, "xls", options)
    return _from_text(source, options)


def _from_zip(source: Source, options: ReadOptions) -> Table:
    entries = zip_entries(source)
    if any(entry.filename == "xl/workbook.xml" for entry in entries):
        check_package(source, entries, options.limits)
        return _from_workbook(source, "xlsx", options)
    names = table_names(entries)
    member = _choose_table(source.name, entries, names, options.sheet)
    return _from_text(zip_member(source, member, options.limits), options, names, member)


def _choose_table(
    name: str, entries: list[zipfile.ZipInfo], names: tuple[str, ...], wanted: str
) -> str:
    """Answer the wanted table of a zip, by path, file name or stem; the only one if none is."""
    if not names:
        files = ", ".join(entry.filename for entry in entries[:10])
        raise refusal(name, "file.zip_without_table", files=files)
    fitting = [
        path
        for path in names
        if not wanted or wanted in {path, PurePosixPath(path).name, PurePosixPath(path).stem}
    ]
    if len(fitting) == 1:
        return fitting[0]
    code = "file.choose_table" if fitting or not wanted else "file.sheet"
    raise refusal(name, code, sheet=wanted, sheets=", ".join(fitting or names))


def _from_text(
    source: Source, options: ReadOptions, sheets: tuple[str, ...] = (), sheet: str = ""
) -> Table:
    _refuse_other_kinds(source)
    encoding = detect_encoding(source, options.encoding)
    dialect = detect_dialect(source, encoding, options.limits, options.separator)

    def rows() -> Iterator[RawRow]:
        return delimited_rows(source, encoding, dialect, options.limits)

    return _table(
        source.name,
        _Found("csv", sheets, sheet, encoding.name, dialect.separator),
        list(islice(rows(), max(HEAD_ROWS, options.header_row or 0))),
        rows,
        options,
    )


def _refuse_other_kinds(source: Source) -> None:
    head = source.head(512).removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, kind in _OTHER_KINDS:
        if head.lower().startswith(magic.lower()):
            raise refusal(source.name, "file.kind_named", kind=kind)


def _from_workbook(source: Source, kind: FileKind, options: ReadOptions) -> Table:
    sheet = open_sheet(source, options.sheet, options.limits)
    errors = error_cells(source, sheet.name, options.limits) if kind == "xlsx" else frozenset()
    head = list(enumerate(sheet.head(), start=1))
    if options.header_row and options.header_row > len(head):
        head = list(islice(sheet.rows(), options.header_row))
    found = _Found(kind, sheet.names, sheet.name, left=sheet.left, errors=errors)
    return _table(source.name, found, head, sheet.rows, options)


@dataclass(frozen=True, slots=True)
class _Found:
    kind: FileKind
    sheets: tuple[str, ...]
    sheet: str
    encoding: str = ""
    separator: str = ""
    left: int = 0
    errors: frozenset[Place] = frozenset()


def _table(
    name: str,
    found: _Found,
    head: list[RawRow],
    reopen: Callable[[], Iterator[RawRow]],
    options: ReadOptions,
) -> Table:
    number, names = _header(name, head, found.left, options)
    rows = _Rows(name, reopen, number, names, found)
    if options.require_rows and next(iter(rows), None) is None:
        raise refusal(name, "file.no_rows", row=number, headings=", ".join(names))
    return Table(
        name=name,
        kind=found.kind,
        sheets=found.sheets,
        sheet=found.sheet,
        encoding=found.encoding,
        separator=found.separator,
        header_row=number,
        headings=names,
        rows=rows,
    )


def _header(
    name: str, head: list[RawRow], left: int, options: ReadOptions
) -> tuple[int, tuple[str, ...]]:
    wanted = options.header_row
    if wanted is None:
        index = find_header([cells for _, cells in head])
        if index is None:
            raise refusal(name, "file.empty", sheet=options.sheet)
        number, cells = head[index]
    else:
        number, cells = next((row for row in head if row[0] == wanted), (wanted, ()))
    names = headings(cells, left)
    if not names:
        raise refusal(name, "file.header_row", row=number)
    return number, names


@dataclass(frozen=True, slots=True)
class _Rows(Iterable[Row]):
    """The rows below the header; every iteration reads the file anew. Blank rows do not count."""

    name: str
    reopen: Callable[[], Iterator[RawRow]]
    header_row: int
    headings: tuple[str, ...]
    found: _Found

    def __iter__(self) -> Iterator[Row]:
        width = len(self.headings)
        for number, cells in self.reopen():
            if number <= self.header_row or all(map(is_blank, cells)):
                continue
            if len(cells) == width and not self.found.errors:
                yield Row(number, cells)
                continue
            problems = (*self._surplus(number, cells), *self._failed(number))
            kept = cells[:width] + (None,) * (width - len(cells))
            yield Row(number, kept, problems)

    def _surplus(self, number: int, cells: tuple[object, ...]) -> Iterator[Problem]:
        width = len(self.headings)
        extra = next((cell for cell in cells[width:] if not is_blank(cell)), None)
        if extra is not None:
            told = {
                "row": number,
                "expected": width,
                "found": len(cells),
                "extra": extra,
            }
            yield Problem(f"{self.name}:{number}", "row.too_many_cells", told)

    def _failed(self, number: int) -> Iterator[Problem]:
        if not self.found.errors:
            return
        for column, heading in enumerate(self.headings, start=self.found.left):
            if (number, column + 1) in self.found.errors:
                cell = f"{column_letter(column)}{number}"
                told = {"row": number, "column": heading, "cell": cell}
                yield Problem(f"{self.name}:{number} {heading}", "row.error_cell", told)
