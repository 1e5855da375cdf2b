"""Numbers of records as addresses and forms hold them."""

from typing import Final

_GREATEST: Final = 2**63 - 1
_DIGITS: Final = 19


def record_number(text: str) -> int | None:
    """Answer the number that a text is, None where no record can have it."""
    if not (text.isascii() and text.isdigit()) or len(text) > _DIGITS:
        return None
    number = int(text)
    return number if number <= _GREATEST else None
