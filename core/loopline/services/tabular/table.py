"""What a tabular file is once it has been understood: headings, and rows that can be re-read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from loopline.errors import Problem

FileKind = Literal["csv", "xls", "xlsx", "json"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much one file may make the machine hold.

    ``unpacked_bytes`` bounds what a zip or gzip may expand to, ``sheet_rows`` and ``sheet_cells``
    the rectangle a sheet spans, ``line_characters`` one physical line of a text file.
    """

    unpacked_bytes: int = 1 << 30
    sheet_rows: int = 1_048_576
    sheet_cells: int = 50_000_000
    line_characters: int = 16_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadOptions:
    """What the person says about a file; everything left out is detected.

    ``sheet`` names a sheet of a workbook or a file inside a zip, ``header_row`` is 1-based,
    ``require_rows`` refuses a file that has a header and nothing below it.
    """

    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    header_row: int | None = None
    require_rows: bool = True
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header. ``number`` is its line in the text file or its row in the sheet.

    ``cells`` has one entry per heading: str, int, float, bool, date, datetime, time, timedelta
    or None for an empty cell. ``problems`` say what could not be kept.
    """

    number: int
    cells: tuple[object, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A file that was understood. ``rows`` may be iterated any number of times.

    ``sheets`` are the names to choose from (sheets of a workbook, tables in a zip) and ``sheet``
    the chosen one; ``encoding`` and ``separator`` are empty for a workbook. ``header_row`` is
    1-based and physical. ``headings`` are unique; a column without one is named ``[A]``.
    """

    name: str
    kind: FileKind
    sheets: tuple[str, ...]
    sheet: str
    encoding: str
    separator: str
    header_row: int
    headings: tuple[str, ...]
    rows: Iterable[Row]
