"""The decimal field: an exact number with a fixed count of decimals."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.definition import FieldDef
from loopline.fields.number_format import number_text
from loopline.fields.numbers import fitted, read_json_number, read_number


class DecimalType(FieldType):
    """A Decimal with exactly ``scale`` decimals, stored as a scaled integer."""

    id = "decimal"
    expr_type = ExprType.NUMBER
    settings = frozenset({"min", "max", "scale", "unit"})
    numeric = True
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")
    default_scale = 2

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one scaled column."""
        return (Column("", StorageKind.SCALED),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the number of a text or cell.

        A binary number of a spreadsheet is rounded half away from zero; a typed one with too
        many decimals is refused. Raises Unreadable.
        """
        number = self.read(definition, text, locale)
        if number is None:
            return None
        return fitted(number, definition.scale, rounded=isinstance(text, float))

    def read(self, definition: FieldDef, text: object, locale: Locale) -> Decimal | None:
        """Answer the number before it is fitted to the scale. Raises Unreadable."""
        return read_number(text, definition.unit)

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the number of a JSON number or plain decimal string. Raises Unreadable."""
        number = read_json_number(raw)
        return None if number is None else fitted(number, definition.scale)

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer a plain decimal string, since a JSON number would lose digits."""
        return format(cast(Decimal, value), "f")

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the number is out of bounds."""
        yield from bounds(definition, cast(Decimal, value))

    def dump(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the value × 10^scale as an int."""
        if value is None:
            return (None,)
        return (int(cast(Decimal, value).scaleb(definition.scale)),)

    def load(self, definition: FieldDef, stored: tuple[object, ...]) -> object:
        """Answer the Decimal of a scaled int."""
        if stored[0] is None:
            return None
        return Decimal(cast(int, stored[0])).scaleb(-definition.scale)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the number with thousands grouped and all its decimals."""
        return number_text(cast(Decimal, value), locale.language)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the Decimal itself."""
        return value

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the plain number."""
        return format(cast(Decimal, value), "f")

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a text input, as a number input would refuse 1.2万 and 1,200."""
        return Widget(name="number", attributes={"inputmode": "decimal"})


def bounds(definition: FieldDef, number: Decimal) -> Iterator[Unreadable]:
    """Yield a problem when ``number`` lies outside the definition's inclusive bounds."""
    if definition.min is not None and number < definition.min:
        yield Unreadable("number.below", min=f"{definition.min:f}")
    if definition.max is not None and number > definition.max:
        yield Unreadable("number.above", max=f"{definition.max:f}")
