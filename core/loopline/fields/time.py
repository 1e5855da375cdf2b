"""The time field: a time of day, without a day or zone."""

import re
from datetime import datetime, time

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.fields.definition import FieldDef
from loopline.fields.moments import read_clock_text

_ISO = re.compile(r"\d\d:\d\d(?::\d\d)?", re.ASCII)


class TimeType(FieldType):
    """A text ``09:30``, or ``09:30:15`` where there are seconds.

    Stored as it is: texts of this form stand in the order of the day, on every database.
    """

    id = "time"
    expr_type = ExprType.CODE
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the text."""
        return (Column("", StorageKind.CODE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the time of ``9:30``, ``下午3点半``, ``3:30 pm`` or a time cell.

        Raises Unreadable ``time.unreadable``.
        """
        match text:
            case datetime():
                return clock_text(text.time())
            case time():
                return clock_text(text)
            case float() if 0 <= text < 1:  # a spreadsheet counts a time as part of a day
                return clock_text(_of_day(round(text * 86_400) % 86_400))
        plain = narrow(cell_text(text))
        return clock_text(_read(plain)) if plain else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the time of ``HH:MM`` or ``HH:MM:SS``, None for null or ``""``.

        Raises Unreadable ``time.unreadable``.
        """
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str) or not _ISO.fullmatch(raw):
            raise Unreadable("time.unreadable", text=excerpt(raw))
        return clock_text(_read(raw))

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the browser's time input."""
        return Widget(input_type="time", attributes={"step": "any"})


def clock_text(at: time) -> str:
    """Answer a time of day as it is stored."""
    return at.isoformat("seconds" if at.second else "minutes")


def _of_day(seconds: int) -> time:
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60)


def _read(text: str) -> time:
    at = read_clock_text(text)
    if at is None:
        raise Unreadable("time.unreadable", text=excerpt(text))
    return at
