"""Amounts in short, for lists and heads: one decimal in the unit people count in."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from loopline.access.context import Context
from loopline.fields.number_format import amount_text

_NO_BREAK: Final = "\u00a0"
_TENTH: Final = Decimal("0.1")
_UNITS: Final[Mapping[str, Sequence[tuple[int, int, str]]]] = {
    "zh": ((10**8, 10**8, f"{_NO_BREAK}亿"), (10**4, 10**4, f"{_NO_BREAK}万")),
    "en": ((10**6, 10**6, "M"), (10**4, 10**3, "k")),
}
"""From what amount on, which unit it is told in, and how that is written."""


def short_amount(ctx: Context, value: object) -> str:
    """Answer an amount in short, ``¥36.8 万`` or ``¥368.4k``; a small one as it is."""
    amount, language = Decimal(str(value)), ctx.actor.language
    currency = ctx.locale.currency
    for least, unit, sign in _UNITS[language]:
        if abs(amount) >= least:
            told = (amount / unit).quantize(_TENTH, ROUND_HALF_UP)
            return amount_text(told, currency, language) + sign
    whole = amount.to_integral_value()
    return amount_text(whole if whole == amount else amount, currency, language)
