"""Text tables: which character separates the cells, and the rows as a stream."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from loopline.services.tabular.detect import Encoding
from loopline.services.tabular.escape import unescape
from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.source import Source
from loopline.services.tabular.table import Limits

if TYPE_CHECKING:
    from _csv import Reader

SEPARATORS: Final = (",", ";", "\t", "|")
_SAMPLE_LINES: Final = 300
_EXCEL_HINT: Final = re.compile(r"sep=(.)\r?\n?$", re.IGNORECASE)

RawRow = tuple[int, tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a text table are separated.

    ``quoted`` is whether a quotation mark encloses a cell (else it is a character like others),
    ``spaced`` whether spaces after a separator are ignored, ``skip`` the lines to pass over.
    """

    separator: str
    quoted: bool = True
    spaced: bool = False
    skip: int = 0


def detect_dialect(
    source: Source, encoding: Encoding, limits: Limits, separator: str = ""
) -> Dialect:
    """Answer the dialect under which most rows of the head have the same number of cells.

    Raises NotValid ``file.separator`` for a wanted separator that is not one character.
    """
    if len(separator) > 1 or separator in {'"', "\r", "\n"}:
        raise refusal(source.name, "file.separator", separator=separator)
    lines = list(islice(_lines(source, encoding, limits), _SAMPLE_LINES))
    hint = _EXCEL_HINT.match(lines[0]) if lines else None
    skip = 1 if hint else 0
    wanted = separator or (hint.group(1) if hint else "")
    styles = [
        _best_style(lines[skip:], mark, skip) for mark in ([wanted] if wanted else SEPARATORS)
    ]
    score, best = max(styles, key=lambda entry: entry[0])  # the first wins a tie
    return best if score > (0.0, 0) else Dialect(wanted or ",", skip=skip)


def _best_style(lines: list[str], mark: str, skip: int) -> tuple[tuple[float, int], Dialect]:
    """Answer the use of quotes that suits a separator; unusual ones only where the usual fails."""
    usual = Dialect(mark, skip=skip)
    spaced, bare = replace(usual, spaced=True), replace(usual, quoted=False)
    score, loose = _consistency(lines, usual), _consistency(lines, spaced)
    if loose[0] > score[0]:
        return loose, spaced
    return (score, usual) if score[1] else (_consistency(lines, bare), bare)


def _consistency(lines: list[str], dialect: Dialect) -> tuple[float, int]:
    """Answer the share of rows with the usual number of cells, and that number."""
    widths: Counter[int] = Counter()
    try:
        for cells in _reader(iter(lines), dialect):
            if any(cell.strip() for cell in cells):
                widths[len(cells)] += 1
    except csv.Error as error:
        # The sample may end inside a quoted cell, and in a short file a mark is missing, which
        # reading will name; a mark where none belongs rules the dialect out.
        if "unexpected end of data" not in str(error):
            return (0.0, 0)
    if not widths:
        return (0.0, 0)
    usual, count = max(widths.items(), key=lambda entry: (entry[1], entry[0]))
    return (round(count / widths.total(), 1), usual) if usual > 1 else (0.0, 0)


def delimited_rows(
    source: Source, encoding: Encoding, dialect: Dialect, limits: Limits
) -> Iterator[RawRow]:
    """Yield every record with the line it begins on; empty cells are None.

    Raises NotValid ``file.quotes`` or ``file.cell_too_long`` naming the row it happens in.
    """
    lines = _lines(source, encoding, limits)
    for _ in range(dialect.skip):
        next(lines, None)
    reader = _reader(lines, dialect)
    begins = 1
    try:
        for cells in reader:
            yield begins + dialect.skip, tuple([_meant(cell) if cell else None for cell in cells])
            begins = reader.line_num + 1
    except csv.Error as error:
        code = "file.cell_too_long" if "field limit" in str(error) else "file.quotes"
        raise refusal(source.name, code, row=begins + dialect.skip) from error


def _meant(cell: str) -> str:
    return unescape(cell) if cell[0] == "'" else cell


def _reader(lines: Iterator[str], dialect: Dialect) -> "Reader":
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        skipinitialspace=dialect.spaced,
        quoting=csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE,
        strict=True,
    )


def _lines(source: Source, encoding: Encoding, limits: Limits) -> Iterator[str]:
    with source.open() as stream:
        stream.read(encoding.mark)
        text = io.TextIOWrapper(stream, encoding=encoding.name, newline="")
        number = 0
        while line := text.readline(limits.line_characters):
            number += 1
            if len(line) == limits.line_characters:
                raise refusal(source.name, "file.cell_too_long", row=number)
            yield line
