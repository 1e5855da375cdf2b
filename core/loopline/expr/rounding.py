"""Rounding, half away from zero, the same way as in SQL."""

from decimal import Context, Decimal
from typing import Final

_WIDE: Final = Context(prec=60)
_LIMIT: Final = 10**18


def exact_rounded(number: Decimal, how: str, scale: int) -> Decimal | None:
    """Answer an exact number with ``scale`` decimals; None with more than 18 digits."""
    scaled = _WIDE.scaleb(Decimal(number), scale)
    whole = _whole_of(scaled, how)
    return Decimal(whole).scaleb(-scale, _WIDE) if abs(whole) < _LIMIT else None


def _whole_of(scaled: Decimal, how: str) -> int:
    cut = int(scaled)
    match how:
        case "floor":
            return cut - (scaled < cut)
        case "ceil":
            return cut + (scaled > cut)
        case _:
            half = abs(_WIDE.subtract(scaled, cut)) >= Decimal("0.5")
            return cut + (half if scaled >= 0 else -half)


def rounded(number: float, how: str, scale: int) -> Decimal | None:
    """Answer a double as an exact number with ``scale`` decimals; None with over 18 digits."""
    scaled = number * float(10**scale)
    if how == "round":
        scaled = scaled + 0.5 if scaled >= 0 else scaled - 0.5
    scaled = max(min(scaled, 1e18), -1e18)
    whole = int(scaled)
    if how == "floor":
        whole -= scaled < whole
    elif how == "ceil":
        whole += scaled > whole
    return Decimal(whole).scaleb(-scale, _WIDE) if abs(whole) < _LIMIT else None
