"""Cells that name several records: parted into texts, each looked up as a link's cell is."""

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[;；、\r\n]")
_NUMBERS: Final = re.compile(r"#[1-9]\d{0,17}(?:[,;，；、\s]+#[1-9]\d{0,17})*", re.ASCII)
_NUMBER: Final = re.compile(r"#[1-9]\d{0,17}", re.ASCII)
SEPARATOR: Final = "; "
"""What an export writes between the records of a cell."""


def parts_of(text: str) -> tuple[str, ...]:
    """Answer the texts of a cell, parted by ``;``, ``；``, ``、`` or line breaks, each once.

    Numbers of records (``#1, #2``) are parted by commas and spaces too.
    """
    if _NUMBERS.fullmatch(text):
        return tuple(dict.fromkeys(_NUMBER.findall(text)))
    parts = (part.strip() for part in _SEPARATORS.split(text))
    return tuple(dict.fromkeys(part for part in parts if part))


def number_in(part: str) -> int | None:
    """Answer the record that ``#1`` means by itself; None for what is to be looked up."""
    return int(part[1:]) if _NUMBER.fullmatch(part) else None


def is_one_part(text: str) -> bool:
    """Whether a name stands for itself among several, and is not taken for a number."""
    return parts_of(text) == (text,) and number_in(text) is None
