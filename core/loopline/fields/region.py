"""The region field: the code of a province, city or district."""

import re
from collections.abc import Iterator

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.fields.definition import FieldDef

_SHAPE = re.compile(r"[1-9]\d(?:\d\d(?:\d\d)?)?", re.ASCII)
_LEVELS = {"province": 2, "city": 4, "district": 6}


class RegionType(FieldType):
    """A division code of GB/T 2260 in 2, 4 or 6 digits; names are resolved by the services."""

    id = "region"
    expr_type = ExprType.CODE
    settings = frozenset({"level"})
    operators = ("==", "!=", "in", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the code."""
        return (Column("", StorageKind.CODE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the code, None for blank. Raises Unreadable ``region.invalid``."""
        return region_code(narrow(cell_text(text))) or None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the code of a JSON string, None for null or ``""``. Raises Unreadable."""
        if raw is not None and not isinstance(raw, str):
            raise Unreadable("region.invalid", text=excerpt(raw))
        return region_code(raw or "") or None

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the code is not of the level the definition asks for."""
        digits = _LEVELS.get(definition.level)
        if digits and len(str(value)) != digits:
            yield Unreadable("region.level", digits=digits)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the stepwise choice of province, city, district."""
        attributes = {"data-level": definition.level} if definition.level else {}
        return Widget(name="region", attributes=attributes)


def region_code(text: str) -> str:
    """Answer a division code without idle zeros: 110000 is 11, 330100 is 3301; ``""`` for blank.

    Raises Unreadable ``region.invalid``.
    """
    if text and not _SHAPE.fullmatch(text):
        raise Unreadable("region.invalid", text=excerpt(text))
    while len(text) > 2 and text.endswith("00"):
        text = text[:-2]
    return text
