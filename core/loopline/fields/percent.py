"""The percent field: a ratio, shown in hundredths."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from loopline.fields.base import Locale, Unreadable, Widget
from loopline.fields.cleaning import narrow
from loopline.fields.decimal import DecimalType
from loopline.fields.definition import FieldDef
from loopline.fields.number_format import number_text
from loopline.fields.numbers import read_number


class PercentType(DecimalType):
    """The value is the ratio: ``10%`` is 0.1, and so is a bare ``0.1``; a bare ``10`` is 1000 %."""

    id = "percent"
    settings = frozenset({"min", "max", "scale"})
    default_scale = 4

    def read(self, definition: FieldDef, text: object, locale: Locale) -> Decimal | None:
        """Answer the ratio of ``10%``, ``12.5 ％``, ``百分之10`` or ``0.1``. Raises Unreadable."""
        if not isinstance(text, str):
            return read_number(text)
        plain = narrow(text)
        marked = plain.removesuffix("%").removeprefix("百分之")
        number = read_number(marked)
        return number if number is None or marked == plain else number.scaleb(-2)

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


def _percentage(value: object) -> Decimal:
    number = cast(Decimal, value).scaleb(2).normalize()
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
