"""The text field: one line, compared and sorted by its folded forms."""

from collections.abc import Iterator
from typing import ClassVar

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, clean_line, json_text
from loopline.fields.definition import FieldDef


class ShortTextType(FieldType):
    """What all short texts share: the main column, its folded key, one door for any text."""

    expr_type = ExprType.TEXT
    short_text = True
    settings = frozenset({"max_length"})
    operators = ("==", "!=", "contains", "is_blank")
    longest: ClassVar[int] = 255
    """The limit in characters where the definition states none."""

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the text and its folded key."""
        return (Column("", StorageKind.TEXT), Column("__key", StorageKind.TEXT, derived=True))

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the text of a cell or input, None for blank. Raises Unreadable."""
        return self.read(definition, cell_text(text), locale.region) or None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the text of a JSON string, None for null or blank. Raises Unreadable."""
        return self.read(definition, json_text(raw), "") or None

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer ``text`` in the form this type stores, ``""`` for blank. Raises Unreadable."""
        return clean_line(text)

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the text is longer than allowed."""
        limit = definition.max_length or self.longest
        length = len(str(value))
        if length > limit:
            yield Unreadable("text.too_long", limit=limit, length=length)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a one-line input that stops at the limit."""
        limit = definition.max_length or self.longest
        return Widget(attributes={"maxlength": str(limit)})


class TextType(ShortTextType):
    """One line of text, kept as typed apart from trimming and line breaks."""

    id = "text"
