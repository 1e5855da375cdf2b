"""The money field: an exact amount in the record's currency."""

import re
from decimal import Decimal
from typing import cast

from loopline.fields.base import Locale, Unreadable, Widget
from loopline.fields.cleaning import excerpt, narrow
from loopline.fields.decimal import DecimalType
from loopline.fields.definition import FieldDef
from loopline.fields.number_format import amount_text
from loopline.fields.numbers import fitted, read_json_number, read_number

_CODE = re.compile(r"[A-Z]{3}")
# Currencies that a sign or word may stand for; a sign shared by many says only "one of these".
_DOLLARS = frozenset({"USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MOP"})
_SIGNS = {
    "¥": frozenset({"CNY", "JPY"}),
    "CN¥": frozenset({"CNY"}),
    "JP¥": frozenset({"JPY"}),
    "$": _DOLLARS,
    "US$": frozenset({"USD"}),
    "HK$": frozenset({"HKD"}),
    "NT$": frozenset({"TWD"}),
    "S$": frozenset({"SGD"}),
    "A$": frozenset({"AUD"}),
    "C$": frozenset({"CAD"}),
    "€": frozenset({"EUR"}),
    "£": frozenset({"GBP"}),
    "RMB": frozenset({"CNY"}),
    "人民币": frozenset({"CNY"}),
    "元": frozenset({"CNY", "TWD", "HKD", "SGD"}),
    "元整": frozenset({"CNY"}),
    "圆": frozenset({"CNY"}),
    "圆整": frozenset({"CNY"}),
    "块": frozenset({"CNY"}),
    "美元": frozenset({"USD"}),
    "港元": frozenset({"HKD"}),
    "港币": frozenset({"HKD"}),
    "新台币": frozenset({"TWD"}),
    "欧元": frozenset({"EUR"}),
    "英镑": frozenset({"GBP"}),
    "日元": frozenset({"JPY"}),
}
_AMOUNT = re.compile(
    r"""(?P<sign>[+-]?)\s*(?P<before>[^\d\s.,()+-]*)\s*
    (?P<number>[+-]?[\d.][\d\s.,']*(?:[eE][+-]?\d+)?\s*(?:万亿|千万|百万|万|亿|千)?)\s*
    (?P<after>[^\d\s.,()+-]*)""",
    re.VERBOSE | re.ASCII,
)


class MoneyType(DecimalType):
    """A Decimal in the currency of its record; the currency is not part of the value."""

    id = "money"
    settings = frozenset({"min", "max", "scale"})

    def read(self, definition: FieldDef, text: object, locale: Locale) -> Decimal | None:
        """Answer the amount of ``¥1,234.50``, ``1.2万元``, ``CNY 12``, ``(12)``.

        Raises Unreadable ``money.currency`` when another currency than the locale's is named.
        """
        if not isinstance(text, str):
            return read_number(text)
        plain = narrow(text).replace("\u2212", "-")
        negated = plain.startswith("(") and plain.endswith(")")
        match = _AMOUNT.fullmatch(plain[1:-1].strip() if negated else plain)
        if match is None or not (match["before"] or match["after"]):
            return read_number(text)
        for mark in (match["before"], match["after"]):
            _expect(mark, locale.currency, text)
        number = read_number(match["sign"] + match["number"].strip())
        return -number if negated and number is not None else number

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the amount of ``"12.50"`` or ``{"amount": "12.50", "currency": "CNY"}``.

        Whether the currency is the record's is for the caller to see, by `currency_of`. Raises
        Unreadable.
        """
        currency_of(raw)
        number = read_json_number(raw.get("amount") if isinstance(raw, dict) else raw)
        return None if number is None else fitted(number, definition.scale)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the amount with the sign of the locale's currency, ``¥1,234.50``."""
        return amount_text(cast(Decimal, value), locale.currency, locale.language)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the input with the currency beside it."""
        return Widget(name="money", attributes={"inputmode": "decimal"})


def currency_of(raw: object) -> str | None:
    """Answer the currency that a JSON amount names, None when it names none. Raises Unreadable."""
    named = raw.get("currency") if isinstance(raw, dict) else None
    if named is None:
        return None
    if not isinstance(named, str) or not _CODE.fullmatch(named):
        raise Unreadable("money.currency_code", text=excerpt(named))
    return named


def _expect(mark: str, currency: str, text: str) -> None:
    if not mark or mark.upper() == currency:
        return
    meant = _SIGNS.get(mark.upper())
    if meant is None and not _CODE.fullmatch(mark.upper()):
        raise Unreadable("number.unreadable", text=excerpt(text))
    if meant is None or currency not in meant:
        raise Unreadable("money.currency", found=mark, expected=currency)
