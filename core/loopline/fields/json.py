"""The JSON field: any JSON value, kept as it is."""

from collections.abc import Iterator
from typing import ClassVar

import orjson

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import excerpt
from loopline.fields.definition import FieldDef


class JsonType(FieldType):
    """Data of programs; null and ``""`` are blank."""

    id = "json"
    expr_type = ExprType.OPAQUE
    settings = frozenset({"max_length"})
    operators = ("is_blank",)
    longest: ClassVar[int] = 100_000

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one opaque column."""
        return (Column("", StorageKind.JSON),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the value that a JSON text holds, None for blank. Raises Unreadable."""
        if not isinstance(text, str):
            return self.from_json(definition, text)
        try:
            return self.from_json(definition, orjson.loads(text)) if text.strip() else None
        except orjson.JSONDecodeError:
            raise Unreadable("json.invalid", text=excerpt(text)) from None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the value itself, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        # No database keeps NUL inside JSON; numbers like NaN come back as something else.
        try:
            if "\\u0000" in _written(raw).replace("\\\\", ""):
                raise Unreadable("text.control")
            if orjson.loads(_written(raw)) == raw:
                return raw
        except TypeError:
            pass
        raise Unreadable("json.invalid", text=excerpt(raw))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the value is longer, as text, than allowed."""
        limit, length = definition.max_length or self.longest, len(_written(value))
        if length > limit:
            yield Unreadable("text.too_long", limit=limit, length=length)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer compact JSON."""
        return _written(value)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input of several lines."""
        return Widget(name="textarea", attributes={"spellcheck": "false"})


def _written(value: object) -> str:
    return orjson.dumps(value).decode()
