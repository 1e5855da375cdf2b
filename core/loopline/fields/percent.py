"""The percent field: a ratio, shown in hundredths."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final, cast

from loopline.fields.base import Locale, Unreadable, Widget
from loopline.fields.cleaning import excerpt, narrow
from loopline.fields.decimal import DecimalType
from loopline.fields.definition import FieldDef
from loopline.fields.number_format import number_text
from loopline.fields.numbers import read_number

_HUNDREDTHS: Final = 2  # decimals by which a percentage is larger than its ratio


class PercentType(DecimalType):
    """The value is the ratio. In files ``10%`` is 0.1 and so is a bare ``0.1``; on pages, where
    the sign stands in the field, a bare ``10`` is 0.1 too.
    """

    id = "percent"
    settings = frozenset({"min", "max", "scale"})
    default_scale = 4

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the ratio of a text or cell, told as a percentage where it has too many decimals.

        Raises Unreadable.
        """
        try:
            return super().parse(definition, text, locale)
        except Unreadable as error:
            if error.code != "number.decimals" or not _is_marked(text):
                raise
            decimals = max(definition.scale - _HUNDREDTHS, 0)
            raise Unreadable(error.code, text=excerpt(text), scale=decimals) from None

    def typed(self, definition: FieldDef, text: str, locale: Locale) -> object:
        """Answer the ratio of a percentage, with its sign or without: ``25`` is 0.25.

        Raises Unreadable.
        """
        plain = text.strip()
        return self.parse(definition, plain if _is_marked(plain) else f"{plain}%", locale)

    def read(self, definition: FieldDef, text: object, locale: Locale) -> Decimal | None:
        """Answer the ratio of ``10%``, ``12.5 ％``, ``百分之10`` or ``0.1``. Raises Unreadable."""
        if not isinstance(text, str):
            return read_number(text)
        plain = narrow(text)
        number = read_number(plain.removesuffix("%").removeprefix("百分之"))
        return number if number is None or not _is_marked(text) else number.scaleb(-_HUNDREDTHS)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the percentage without idle zeros, ``12.5%``."""
        return f"{number_text(_percentage(value), locale.language)}%"

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the percentage with its sign, so that nobody takes it for the ratio."""
        return f"{_percentage(value):f}%"

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the ratio is out of bounds, told as percentages: that is typed."""
        for one in super().check(definition, value):
            told = {name: f"{_percentage(Decimal(str(v))):f}%" for name, v in one.params.items()}
            yield Unreadable(one.code, **told)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a text input that shows the form with the sign."""
        return Widget(name="number", attributes={"inputmode": "decimal", "placeholder": "10%"})


def _is_marked(text: object) -> bool:
    """Answer whether a text says by itself that it is a percentage."""
    plain = narrow(text) if isinstance(text, str) else ""
    return plain.endswith("%") or plain.startswith("百分之")


def _percentage(value: object) -> Decimal:
    number = cast(Decimal, value).scaleb(_HUNDREDTHS).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
