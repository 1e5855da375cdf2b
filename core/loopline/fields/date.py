"""The date field: a calendar day without time or zone."""

import re
from datetime import date, datetime
from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef
from loopline.fields.moments import day_of, is_serial, local, read_date_text, read_serial

_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


class DateType(FieldType):
    """A date; written ``2026-01-31`` in every language."""

    id = "date"
    expr_type = ExprType.DATE
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one date column."""
        return (Column("", StorageKind.DATE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the day of a text, date cell or serial number. Raises Unreadable."""
        match text:
            case datetime():
                return (local(text, locale) if text.tzinfo else text).date()
            case date():
                return text
        if is_serial(text):
            return read_serial(float(text), text).date()
        plain = cell_text(text)
        if not locale.date_format and (found := _ISO.fullmatch(plain)):
            return day_of(int(found[1]), int(found[2]), int(found[3]), text)
        return read_date_text(plain, locale) if plain.strip() else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the day of ``YYYY-MM-DD``, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        found = _ISO.fullmatch(raw) if isinstance(raw, str) else None
        if found is None:
            raise Unreadable("date.unreadable", text=excerpt(raw))
        return day_of(int(found[1]), int(found[2]), int(found[3]), raw)

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer ``YYYY-MM-DD``."""
        return cast(date, value).isoformat()

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the date itself."""
        return value

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the browser's date input."""
        return Widget(input_type="date")
