"""Look into an xlsx package before it is loaded: bombs, far-away cells, cells that hold errors.

A reader allocates the rectangle from the first to the last cell, so two cells in opposite corners
of a sheet would claim hundreds of gigabytes. Source: ECMA-376 part 1, 18.3.1.4 (c).
"""

import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.source import Source, zip_entries, zip_member
from loopline.services.tabular.table import Limits

_CHUNK: Final = 1 << 20
_COLUMN: Final = re.compile(rb"\br=[\"']([A-Z]{1,3})\d")
_ROW: Final = re.compile(rb"\br=[\"'][A-Z]{1,3}(\d{1,10})[\"']")
_FILLED: Final = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,10})[\"'])[^>]*(?<!/)>"
)
_ERROR: Final = re.compile(
    rb"<(?:\w+:)?c\s(?=[^>]*?\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]{1,3})(\d{1,10})[\"']"
)
_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_SMALL_PART: Final = 1 << 24
_LONGEST_TAG: Final = 1 << 12

Place = tuple[int, int]


def check_package(source: Source, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Refuse a package that unpacks to too much (``file.bomb``) or spans too many cells."""
    left = limits.unpacked_bytes
    for entry in entries:
        bounded = Limits(unpacked_bytes=left)
        rows, columns = set[bytes](), set[bytes]()
        is_sheet = entry.filename.startswith("xl/worksheets/")
        for chunk, size in _parts(zip_member(source, entry.filename, bounded)):
            left -= size
            if is_sheet:
                columns.update(_COLUMN.findall(chunk))
                rows.update(_ROW.findall(chunk))
        if is_sheet and _area(rows, columns) > limits.sheet_cells:
            _check_filled(source, entry.filename, limits)


def _check_filled(source: Source, part: str, limits: Limits) -> None:
    """Refuse what spans too much even when cells that are only formatted do not count."""
    rows, columns = set[bytes](), set[bytes]()
    for chunk, _ in _parts(zip_member(source, part, limits)):
        for column, row in _FILLED.findall(chunk):
            columns.add(column)
            rows.add(row)
    if max(map(int, rows), default=0) > limits.sheet_rows:
        raise refusal(source.name, "file.too_many_rows", limit=limits.sheet_rows)
    if _area(rows, columns) > limits.sheet_cells:
        raise refusal(source.name, "file.too_many_cells", limit=limits.sheet_cells)


def error_cells(source: Source, sheet: str, limits: Limits) -> frozenset[Place]:
    """Answer the (row, column), 1-based, of cells whose formula gave an error such as #N/A."""
    part = _part_of(source, sheet)
    if part not in {entry.filename for entry in zip_entries(source)}:
        return frozenset()
    return frozenset(
        (int(row), _column_number(column))
        for chunk, _ in _parts(zip_member(source, part, limits))
        for column, row in _ERROR.findall(chunk)
    )


def _parts(part: Source) -> Iterator[tuple[bytes, int]]:
    """Yield the stream in pieces that never cut a tag, each with the bytes it adds."""
    rest = b""
    with part.open() as stream:
        while chunk := stream.read(_CHUNK):
            cut = chunk.rfind(b">") + 1
            yield rest + chunk[:cut], len(chunk)
            rest = chunk[cut:][-_LONGEST_TAG:]


def _area(rows: set[bytes], columns: set[bytes]) -> int:
    return max(map(int, rows), default=0) * max(map(_column_number, columns), default=0)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _part_of(source: Source, sheet: str) -> str:
    """Answer the part of the package that holds the sheet, empty where it cannot be told."""
    relation = next(
        (
            value
            for node in _elements(source, _WORKBOOK)
            if node.tag.endswith("}sheet") and node.get("name") == sheet
            for name, value in node.attrib.items()
            if name.endswith("}id")
        ),
        "",
    )
    target = next(
        (n.get("Target", "") for n in _elements(source, _RELATIONS) if n.get("Id") == relation),
        "",
    )
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else ""


def _elements(source: Source, part: str) -> list[ElementTree.Element]:
    limits = Limits(unpacked_bytes=_SMALL_PART)
    if part not in {entry.filename for entry in zip_entries(source)}:
        return []
    try:
        with zip_member(source, part, limits).open() as stream:
            text = stream.read()
        if b"<!DOCTYPE" in text or b"\x00" in text:
            raise refusal(source.name, "file.damaged")  # entities would be declared there
        return list(ElementTree.fromstring(text).iter())  # noqa: S314  (no entities: see above)
    except ElementTree.ParseError as error:
        raise refusal(source.name, "file.damaged") from error
