"""Find the row that names the columns, behind title rows, notes and merged cells."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

HEAD_ROWS: Final = 30
_LONGEST_HEADING: Final = 200
_NUMBER_LIKE: Final = re.compile(r"[\s\d.,:/%+\-¥$€£]+$")
_WIDE_ENOUGH: Final = (0.7, 0.5)


def find_header(rows: Sequence[Sequence[object]]) -> int | None:
    """Answer the index of the header among the first rows of a file, None if all are blank.

    It is the first row that fills most of the width the head of the file ever fills and consists
    of words; where no row is that full, a half-full one; else the first row with anything in it.
    """
    filled = [sum(not is_blank(cell) for cell in row) for row in rows[:HEAD_ROWS]]
    widest = max(filled, default=0)
    if not widest:
        return None
    for share in _WIDE_ENOUGH:
        for index, count in enumerate(filled):
            if count and count >= share * widest and _wordy(rows[index]):
                return index
    return next(index for index, count in enumerate(filled) if count)


def headings(cells: Sequence[object], left: int = 0) -> tuple[str, ...]:
    """Answer unique headings without trailing blanks; a blank is ``[B]``, a double ends in (2).

    ``left`` is the 0-based column in which the first cell stands.
    """
    texts = ["" if is_blank(cell) else " ".join(str(cell).split()) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    named = [text or f"[{column_letter(left + index)}]" for index, text in enumerate(texts)]
    taken, seen, unique = set(named), Counter[str](), list[str]()
    for text in named:
        seen[text] += 1
        name = text
        while name != text or seen[text] > 1:
            name = f"{text} ({seen[text]})"
            if name not in taken:
                break
            seen[text] += 1
        taken.add(name)
        unique.append(name)
    return tuple(unique)


def column_letter(index: int) -> str:
    """Answer the spreadsheet name of a 0-based column: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def is_blank(cell: object) -> bool:
    """Answer whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _wordy(row: Sequence[object]) -> bool:
    cells = [cell for cell in row if not is_blank(cell)]
    words = [
        cell
        for cell in cells
        if isinstance(cell, str) and len(cell) <= _LONGEST_HEADING and not _NUMBER_LIKE.match(cell)
    ]
    return len(words) * 2 > len(cells)
