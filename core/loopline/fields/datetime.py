"""The datetime field: a moment, shown on the reader's clock."""

import re
from datetime import UTC, date, datetime, time
from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef
from loopline.fields.moments import is_serial, local, read_moment_text, read_serial, to_utc

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class DatetimeType(FieldType):
    """An aware datetime in UTC."""

    id = "datetime"
    expr_type = ExprType.DATETIME
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one datetime column."""
        return (Column("", StorageKind.DATETIME),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the moment of a text, date cell or serial number; a bare day is its midnight.

        Texts without offset are in the locale's zone. Raises Unreadable.
        """
        moment = _read(text, locale)
        if moment is None:
            return None
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        return to_utc(moment, locale)

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the moment of an RFC 3339 text, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str) or not _RFC_3339.fullmatch(raw):
            raise Unreadable("datetime.rfc3339", text=excerpt(raw))
        try:
            return to_utc(datetime.fromisoformat(raw.upper()), Locale())
        except ValueError as error:
            if isinstance(error, Unreadable):
                raise
            raise Unreadable("datetime.rfc3339", text=excerpt(raw)) from None

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer RFC 3339 in UTC, ``2026-01-31T06:30:00Z``."""
        return cast(datetime, value).astimezone(UTC).isoformat().replace("+00:00", "Z")

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer day and time to the minute on the reader's clock."""
        return local(cast(datetime, value), locale).isoformat(" ", "minutes")[:16]

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the naive local datetime for a spreadsheet cell.

        Where a cell would not say it exactly (fractions of a second, the second pass of an hour
        that a clock change repeats) answer text with an offset.
        """
        moment = cast(datetime, value)
        there = local(moment, locale).replace(tzinfo=None)
        if moment.microsecond or to_utc(there, locale) != moment:
            return local(moment, locale).isoformat()
        return there.replace(fold=0)

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer local day and time in the form the browser's input takes, to the millisecond."""
        there = local(cast(datetime, value), locale).replace(tzinfo=None)
        # Browsers show nothing at all for finer moments, and saving would blank them.
        parts = "milliseconds" if there.microsecond else "seconds" if there.second else "minutes"
        return there.isoformat(timespec=parts)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the browser's input for local day and time."""
        return Widget(input_type="datetime-local", attributes={"step": "any"})


def _read(text: object, locale: Locale) -> date | datetime | None:
    if isinstance(text, date):  # a datetime is one too
        return text
    if is_serial(text):
        return read_serial(float(text), text)
    plain = cell_text(text)
    return read_moment_text(plain, locale) if plain.strip() else None
