"""Keep spreadsheets from running text as a formula, reversibly.

A text that begins with ``= + - @``, tab or carriage return gets a leading apostrophe in csv, and
so does a text that already looks escaped; reading takes exactly one off.
Source: OWASP, CSV Injection.
"""

import re
from typing import Final

_RISKY: Final = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED: Final = re.compile(r"'+[=+\-@\t\r]")


def escape(text: str) -> str:
    """Answer the text as a csv cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def unescape(cell: str) -> str:
    """Answer the text that :func:`escape` was given."""
    return cell[1:] if cell.startswith("'") and _ESCAPED.match(cell) else cell
