"""The rating field: stars from one to five, or to the definition's maximum."""

from collections.abc import Iterator
from decimal import Decimal
from typing import cast

from loopline.fields.base import Locale, Unreadable, Widget
from loopline.fields.cleaning import narrow
from loopline.fields.definition import FieldDef
from loopline.fields.integer import IntegerType, whole
from loopline.fields.numbers import read_number

_FULL, _EMPTY = "★", "☆"
_FIVE = Decimal(5)


class RatingType(IntegerType):
    """A whole number from 1 to ``max``, five where the definition says nothing."""

    id = "rating"
    settings = frozenset({"max"})

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the stars of ``4``, ``4星``, ``4/5``, ``★★★★☆``. Raises Unreadable."""
        if not isinstance(text, str):
            return whole(read_number(text))
        plain = narrow(text)
        if plain.startswith(_FULL) and not plain.strip(_FULL + _EMPTY):
            return plain.count(_FULL)
        top = int(definition.max or _FIVE)
        for suffix in (f"/{top}", "星", "stars", "star"):
            plain = plain.removesuffix(suffix).rstrip()
        return whole(read_number(plain))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when there are no stars or too many."""
        top = int(definition.max or _FIVE)
        if not 1 <= cast(int, value) <= top:
            yield Unreadable("rating.range", max=top)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the stars, full ones first."""
        stars = cast(int, value)
        return _FULL * stars + _EMPTY * (int(definition.max or _FIVE) - stars)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a row of stars."""
        return Widget(name="rating", attributes={"max": str(int(definition.max or _FIVE))})
