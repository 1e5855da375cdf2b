"""How the values of measures are written."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from loopline.sdk import QueryColumn
from loopline_reports.cells import NumberFormat

_RATIOS: Final = frozenset({"ratio", "percent"})
_NAMED: Final = re.compile(r"(decimal|percent)([0-6]?)")
NOTHING: Final = "–"
"""What stands where there is no value."""
_UNITS: Final[Mapping[str, Sequence[tuple[int, int, str]]]] = {
    "zh": ((10**8, 10**8, "\u00a0亿"), (10**5, 10**4, "\u00a0万")),
    "en": ((10**6, 10**6, "M"), (10**5, 10**3, "k")),
}
"""From what number on, which unit it is told in, and how that is written."""


def number_format(column: QueryColumn, value: object, currency: str = "") -> NumberFormat | None:
    """Answer how a value of a measure is written, None for what is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    named = _NAMED.fullmatch(column.format)
    if named:
        decimals = int(named[2] or (1 if named[1] == "percent" else 2))
        return NumberFormat(decimals, percent=named[1] == "percent")
    if column.format == "integer":
        return NumberFormat(0)
    if column.kind == "money" or column.format.startswith("money"):
        decimals = 0 if column.format == "money0" else 2
        return NumberFormat(decimals, currency=currency, money=True)
    if column.kind in _RATIOS:
        return NumberFormat(1, percent=True)
    return NumberFormat(_decimals(value))


def text_of(value: object, form: NumberFormat | None) -> str:
    """Answer what people read of a value."""
    if value is None:
        return NOTHING
    if form is not None and isinstance(value, int | float | Decimal):
        number = rounded(value, form)
        shown = f"{number:,f}%" if form.percent else f"{number:,f}"
        return f"{form.currency} {shown}" if form.currency else shown
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def currency_name(code: str, language: str) -> str:
    """Answer how people name the currency of a table: 元 in Chinese, its code elsewhere."""
    return f"元（{code}）" if (code, language) == ("CNY", "zh") else code


def figure_text(value: object, form: NumberFormat | None, language: str, currency: str) -> str:
    """Answer what figures say: a great number in the unit that people count in, amounts with ¥ in
    Chinese or the code of the site's currency.
    """
    shown = short_text(value, form, language)
    if value is None or form is None or not form.money or form.currency:
        return shown
    return f"¥{shown}" if (currency, language) == ("CNY", "zh") else f"{currency} {shown}"


def short_text(value: object, form: NumberFormat | None, language: str) -> str:
    """Answer a great number in the unit that people count in."""
    plain = form is not None and not form.percent and not form.currency
    if plain and isinstance(value, int | float | Decimal):
        number = Decimal(str(value))
        for least, unit, sign in _UNITS[language]:
            if abs(number) >= least:
                shown = rounded(number / unit, NumberFormat(1))
                return f"{shown:,f}{sign}"
    return text_of(value, form)


def rounded(value: float | Decimal, form: NumberFormat) -> Decimal:
    """Answer a number as it is shown, in hundredths for a percentage."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if form.percent:
        exact *= 100
    return exact.quantize(Decimal(1).scaleb(-form.decimals), ROUND_HALF_UP)


def _decimals(value: float | Decimal) -> int:
    if isinstance(value, float):
        return 2
    exponent = Decimal(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
