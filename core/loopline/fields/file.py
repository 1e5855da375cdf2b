"""The file field and the image field: one uploaded file."""

import re
from typing import Final

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef

_LARGEST_ID: Final = 2**63 - 1
_PICTURES: Final = "image/png,image/jpeg,image/gif,image/webp"
_NUMBER: Final = re.compile(r"#?([1-9]\d{0,18})", re.ASCII)


class FileType(FieldType):
    """The id of an uploaded file; its name and content are the services'."""

    id = "file"
    expr_type = ExprType.OPAQUE
    operators = ("is_blank",)

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the id."""
        return (Column("", StorageKind.LINK),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the id of ``#12``, which an export writes. Raises Unreadable."""
        plain = cell_text(text).strip()
        if not plain:
            return None
        found = _NUMBER.fullmatch(plain)
        if found is None:
            raise Unreadable("file.unreadable", text=excerpt(plain))
        return self.from_json(definition, int(found[1]))

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the id in a JSON number, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= _LARGEST_ID:
            raise Unreadable("file.unreadable", text=excerpt(raw))
        return raw

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the number; pages put the file's name in its place."""
        return f"#{value}"

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer ``#12``."""
        return f"#{value}"

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an upload."""
        return Widget(name="file")


class ImageType(FileType):
    """The id of an uploaded picture: PNG, JPEG, GIF or WebP."""

    id = "image"

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an upload of the pictures that are known."""
        return Widget(name="file", attributes={"accept": _PICTURES})
