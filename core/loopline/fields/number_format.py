"""Numbers and amounts as a person reads them in their language."""

from decimal import Decimal
from functools import lru_cache
from typing import Final

_OWN_SIGNS: Final = {"CN¥": "¥"}
"""Signs with a country before them, which says nothing where all amounts are in one currency."""


def number_text(number: Decimal | int, language: str) -> str:
    """Answer the number with thousands grouped and its decimals kept, ``1,234.50``."""
    text = f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"
    group, point = _separators(language)
    # English separators are Python's own, and so are Chinese ones.
    return text if (group, point) == (",", ".") else text.translate({44: group, 46: point})


def amount_text(amount: Decimal, currency: str, language: str) -> str:
    """Answer the amount with the currency's sign where the language puts it, ``¥1,234.50``."""
    before, after = _affixes(currency, language)
    sign = "-" if amount < 0 else ""
    return f"{sign}{before}{number_text(abs(amount), language)}{after}"


@lru_cache(maxsize=64)
def _separators(language: str) -> tuple[str, str]:
    from babel.numbers import get_decimal_symbol, get_group_symbol  # 15 ms; only pages need it

    return get_group_symbol(language), get_decimal_symbol(language)


@lru_cache(maxsize=512)
def _affixes(currency: str, language: str) -> tuple[str, str]:
    from babel.numbers import format_currency  # 15 ms; only pages need it

    # Babel takes 50 µs per amount; what it puts around one digit is the same for all.
    before, _, after = format_currency(
        1, currency, "¤0", locale=language, currency_digits=False
    ).partition("1")
    before = _OWN_SIGNS.get(before, before)
    standard = format_currency(1, currency, locale=language)
    if standard[0].isdigit():
        return "", standard.lstrip("0123456789.,")
    return before, after
