"""Texts as people and files give them, made fit to store."""

import re
from datetime import date, datetime, time
from decimal import Decimal
from unicodedata import normalize

from loopline.fields.base import Unreadable

_REFUSED = re.compile("[\x00\ud800-\udfff]")  # no database and no UTF-8 file takes these
_STRIPPED = re.compile("[\x01-\x08\x0e-\x1b\x7f]")
_BREAKS = re.compile("[ ]*[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]+\\s*")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_EDGES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff"
_SHOWN = 40


def clean_line(text: str) -> str:
    """Answer ``text`` as one line: NFC, trimmed, breaks and tabs as a space.

    Raises Unreadable ``text.control`` for characters that cannot be stored.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return _BREAKS.sub(" ", _composed(text)).strip(_EDGES)


def clean_lines(text: str) -> str:
    """Answer ``text`` with its lines kept, ended by ``\\n``, and the whole trimmed.

    Raises Unreadable ``text.control`` for characters that cannot be stored.
    """
    return _NEWLINES.sub("\n", _composed(text)).strip(_EDGES)


def narrow(text: str) -> str:
    """Answer one line in NFKC: full-width digits, letters and signs become their ASCII forms."""
    return clean_line(text) if text.isascii() else clean_line(normalize("NFKC", text))


def cell_text(cell: object) -> str:
    """Answer the text a person sees in a spreadsheet cell: ``60610.0`` is ``60610``."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case float() | Decimal():
            # 15 digits is what a spreadsheet keeps and shows; the rest is binary noise.
            return _plain(Decimal(format(cell, ".15g")) if isinstance(cell, float) else cell)
        case datetime():
            midnight = cell.time() == time() and cell.tzinfo is None
            return str(cell.date()) if midnight else cell.isoformat(" ")
        case date() | time():
            return cell.isoformat()
    return str(cell)


def excerpt(raw: object) -> str:
    """Answer a short text of what was given, to be named in a message."""
    text = _REFUSED.sub("\ufffd", str(raw))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def json_text(raw: object) -> str:
    """Answer a JSON value that must be a text, ``""`` for null. Raises Unreadable."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Unreadable("text.unreadable", text=excerpt(raw))
    return raw


def _composed(text: str) -> str:
    if _REFUSED.search(text):
        raise Unreadable("text.control")
    return normalize("NFC", _STRIPPED.sub("", text))


def _plain(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
