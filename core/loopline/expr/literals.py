"""Literals as written to values of the type that they are compared with."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from loopline.expr.fold import fold
from loopline.expr.moment import utc
from loopline.expr.types import ExprType

_MAX_ID: Final = 2**63 - 1
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATETIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?"
    r"([Zz]|[+-][0-9]{2}:[0-9]{2})"
)


def quoted(text: str) -> str:
    """Answer a text as an expression writes it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def typed(kind: ExprType, raw: object) -> object | None:
    """Answer a written literal (str, Decimal or bool) as a value of type ``kind``.

    Texts come folded, date-times (RFC 3339, section 5.6) in UTC, links as int. Answers None when
    the literal is not of that type.
    """
    convert = _CONVERTERS.get(kind)
    return convert(raw) if convert else None


def digits(number: Decimal) -> int:
    """Answer how many digits a written number has, leading zeros aside."""
    whole, _, decimals = f"{number.copy_abs():f}".partition(".")
    return len(whole.lstrip("0")) + len(decimals)


def as_date(raw: object) -> date | None:
    """Answer the day that a text like ``2026-01-31`` names, None if it names none."""
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        return None
    try:
        return date.fromisoformat(raw)
    except ValueError:
        return None


def _as_datetime(raw: object) -> datetime | None:
    if not isinstance(raw, str) or not _DATETIME.fullmatch(raw):
        return None
    try:
        return utc(datetime.fromisoformat(raw.upper()))
    except ValueError:
        return None


def _as_text(raw: object) -> str | None:
    return fold(raw) if isinstance(raw, str) else None


def _as_code(raw: object) -> str | None:
    return raw if isinstance(raw, str) else None


def _as_number(raw: object) -> Decimal | None:
    return raw if isinstance(raw, Decimal) else None


def _as_boolean(raw: object) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _as_id(raw: object) -> int | None:
    if not isinstance(raw, Decimal) or raw != int(raw) or not 0 < raw <= _MAX_ID:
        return None
    return int(raw)


_CONVERTERS: Final[Mapping[ExprType, Callable[[object], object | None]]] = {
    ExprType.TEXT: _as_text,
    ExprType.CODE: _as_code,
    ExprType.NUMBER: _as_number,
    ExprType.BOOLEAN: _as_boolean,
    ExprType.DATE: as_date,
    ExprType.DATETIME: _as_datetime,
    ExprType.LINK: _as_id,
}
