"""The integer field: a whole number."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import excerpt
from loopline.fields.decimal import bounds
from loopline.fields.definition import FieldDef
from loopline.fields.number_format import number_text
from loopline.fields.numbers import MOST_DIGITS, read_json_number, read_number


class IntegerType(FieldType):
    """A whole number of at most 18 digits."""

    id = "integer"
    expr_type = ExprType.NUMBER
    settings = frozenset({"min", "max", "unit"})
    numeric = True
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one integer column."""
        return (Column("", StorageKind.INTEGER),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the int of ``12``, ``1,200``, ``12.0``, ``1.2万``. Raises Unreadable."""
        return whole(read_number(text, definition.unit))

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the int of a JSON number or numeric string. Raises Unreadable."""
        return whole(read_json_number(raw))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the number is out of bounds."""
        yield from bounds(definition, Decimal(cast(int, value)))

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the number with thousands grouped."""
        return number_text(cast(int, value), locale.language)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the int itself."""
        return value

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a text input, as a number input would refuse 1.2万 and 1,200."""
        return Widget(name="number", attributes={"inputmode": "numeric"})


def whole(number: Decimal | None) -> int | None:
    """Answer ``number`` as an int. Raises Unreadable ``number.whole``, ``number.too_large``."""
    if number is None:
        return None
    if number and number.adjusted() >= MOST_DIGITS:
        raise Unreadable("number.too_large", digits=MOST_DIGITS)
    if number != number.to_integral_value():
        raise Unreadable("number.whole", text=excerpt(number))
    return int(number)
