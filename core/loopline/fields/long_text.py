"""The long text field: many lines, searched but not sorted or matched."""

from collections.abc import Iterator
from typing import ClassVar

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, clean_lines, json_text
from loopline.fields.definition import FieldDef


class LongTextType(FieldType):
    """Text with line breaks."""

    id = "long_text"
    expr_type = ExprType.LONG_TEXT
    settings = frozenset({"max_length"})
    operators = ("contains", "is_blank")
    longest: ClassVar[int] = 100_000

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one text column."""
        return (Column("", StorageKind.TEXT),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the text of a cell or input, None for blank. Raises Unreadable."""
        return clean_lines(cell_text(text)) or None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the text of a JSON string, None for null or blank. Raises Unreadable."""
        return clean_lines(json_text(raw)) or None

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the text is longer than allowed."""
        limit = definition.max_length or self.longest
        length = len(str(value))
        if length > limit:
            yield Unreadable("text.too_long", limit=limit, length=length)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input of several lines."""
        limit = definition.max_length or self.longest
        return Widget(name="textarea", attributes={"maxlength": str(limit)})
