"""Numbers as people and files write them, read exactly."""

import re
from decimal import ROUND_HALF_UP, Decimal, localcontext

from loopline.fields.base import Unreadable
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.language import Label

MOST_DIGITS = 18  # what a 64-bit column holds (architecture.md §6)
_DOUBLE_DIGITS = 15
_NOISE = Decimal("1e-6")  # of the last decimal kept
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+", re.ASCII)
_NUMBER = re.compile(
    r"""(?P<sign>[+-]?)\s*
    (?P<whole>\d{1,3}(?:,\d{3})+|\d{1,3}(?:\ \d{3})+|\d{1,3}(?:'\d{3})+|\d*)
    (?P<fraction>\.\d*)?(?P<exponent>[eE][+-]?\d{1,3})?
    \s*(?P<myriad>万亿|千万|百万|万|亿|千)?""",
    re.VERBOSE | re.ASCII,
)
_MYRIADS = {"": 0, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "万亿": 12}
_QUANTA = tuple(Decimal(1).scaleb(-scale) for scale in range(MOST_DIGITS + 1))
_JSON_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?", re.ASCII)


def read_number(raw: object, unit: Label | None = None) -> Decimal | None:
    """Answer the number meant by a text or cell, None for blank.

    Reads ``1,234.50``, ``１２``, ``(12)``, ``1.2万``, ``3亿``, ``1e3`` and a trailing unit.
    Raises Unreadable ``number.unreadable``.
    """
    if isinstance(raw, str):
        text = raw.strip()
        return Decimal(text) if _PLAIN.fullmatch(text) else _read_text(text, unit)
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal | None):
        raise Unreadable("number.unreadable", text=excerpt(raw))
    return _read_text(cell_text(raw), None)


def read_json_number(raw: object) -> Decimal | None:
    """Answer the number of a JSON number or plain decimal string, None for null and ``""``.

    Raises Unreadable ``number.unreadable``.
    """
    if raw is None or raw == "":
        return None
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        raw = str(raw) if isinstance(raw, int) else format(Decimal(str(raw)), "f")
    if not isinstance(raw, str) or not _JSON_NUMBER.fullmatch(raw):
        raise Unreadable("number.unreadable", text=excerpt(raw))
    return Decimal(raw)


def fitted(number: Decimal, scale: int, *, rounded: bool = False) -> Decimal:
    """Answer ``number`` with exactly ``scale`` decimals.

    ``rounded`` allows rounding, half away from zero; without it only the noise of a double (15
    digits and more, ``125.43999999999998``) is taken off. Raises Unreadable ``number.decimals``
    and ``number.too_large``.
    """
    if number.adjusted() + 1 + scale > MOST_DIGITS and number:
        raise Unreadable("number.too_large", digits=MOST_DIGITS - scale)
    fit = number.quantize(_QUANTA[scale], ROUND_HALF_UP)
    if fit != number and not rounded and not _is_noise(number, fit, scale):
        raise Unreadable("number.decimals", text=excerpt(number), scale=scale)
    if fit.adjusted() + 1 + scale > MOST_DIGITS and fit:
        raise Unreadable("number.too_large", digits=MOST_DIGITS - scale)
    return fit if fit else _QUANTA[scale] * 0  # no negative zero


def _read_text(text: str, unit: Label | None) -> Decimal | None:
    plain = _without_unit(narrow(text).replace("\u2212", "-"), unit)
    if not plain:
        return None
    negated = plain.startswith("(") and plain.endswith(")")
    match = _NUMBER.fullmatch(plain[1:-1].strip() if negated else plain)
    if match is None or (negated and match["sign"]) or not _has_digit(match):
        raise Unreadable("number.unreadable", text=excerpt(text))
    digits = re.sub("[, ']", "", match["whole"]) + (match["fraction"] or "")
    number = Decimal(match["sign"] + digits + (match["exponent"] or ""))
    with localcontext(prec=len(digits) + 1):
        number = number.scaleb(_MYRIADS[match["myriad"] or ""])
        return -number if negated else number


def _has_digit(match: re.Match[str]) -> bool:
    return bool(match["whole"] or (match["fraction"] or ".")[1:])


def _without_unit(text: str, unit: Label | None) -> str:
    for name in unit.values() if unit else ():
        if name and text.lower().endswith(name.lower()):
            return text[: -len(name)].rstrip()
    return text


def _is_noise(number: Decimal, fit: Decimal, scale: int) -> bool:
    """Answer whether what ``fit`` leaves out comes from binary arithmetic, not from a person."""
    long = len(number.as_tuple().digits) >= _DOUBLE_DIGITS
    return long and abs(fit - number) < _QUANTA[scale] * _NOISE
