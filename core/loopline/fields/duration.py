"""The duration field: how long something takes, in whole minutes."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.fields.decimal import bounds
from loopline.fields.definition import FieldDef
from loopline.fields.integer import whole
from loopline.fields.numbers import read_json_number

_HOUR: Final = 60
_DAY: Final = 24 * _HOUR
_MOST_DIGITS: Final = 9
_NUMBER: Final = r"(\d{1,12}(?:\.\d{1,6})?|半)"
_PARTS: Final = re.compile(
    rf"""(?:{_NUMBER}\s*(?:天|日|d|days?))?\s*
    (?:{_NUMBER}\s*(?:个)?\s*(半)?\s*(?:小时|钟头|h|hrs?|hours?)\s*(半)?)?\s*
    (?:{_NUMBER}\s*(?:分钟?|m|mins?|minutes?)?)?""",
    re.VERBOSE | re.ASCII | re.I,
)
_CLOCK: Final = re.compile(r"(\d{1,6}):([0-5]\d)(?::00)?", re.ASCII)


class DurationType(FieldType):
    """An int of minutes; a day is 24 hours."""

    id = "duration"
    expr_type = ExprType.NUMBER
    settings = frozenset({"min", "max"})
    numeric = True
    operators = ("==", "!=", "<", "<=", ">", ">=", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one integer column."""
        return (Column("", StorageKind.INTEGER),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the minutes of ``90``, ``1h30m``, ``1:30``, ``1小时30分``, ``1.5小时``, ``半天``.

        A spreadsheet's time of day or timedelta counts from zero. Raises Unreadable.
        """
        match text:
            case datetime():
                raise Unreadable("duration.unreadable", text=excerpt(text))
            case time():
                return text.hour * _HOUR + text.minute
            case timedelta():
                return _minutes(Decimal(round(text.total_seconds())) / 60, text)
        plain = narrow(cell_text(text))
        return _read(plain) if plain else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the minutes of a JSON number. Raises Unreadable."""
        minutes = whole(read_json_number(raw))
        return None if minutes is None else _minutes(Decimal(minutes), raw)

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the minutes are out of bounds."""
        yield from bounds(definition, Decimal(cast(int, value)))

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer ``1小时30分钟`` or ``1h 30m``; hours are not made into days."""
        hours, minutes = divmod(cast(int, value), _HOUR)
        if locale.language == "zh":
            shown = (f"{hours}小时" if hours else "") + (f"{minutes}分钟" if minutes else "")
            return shown or "0分钟"
        parts = (f"{hours}h" if hours else "", f"{minutes}m" if minutes else "")
        return " ".join(filter(None, parts)) or "0m"

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the minutes, which a spreadsheet can add up."""
        return value

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the text shown, which reads back as the same minutes."""
        return self.format(definition, value, locale)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a text input."""
        return Widget(name="input")


def _read(text: str) -> int:
    if clock := _CLOCK.fullmatch(text):
        return _minutes(Decimal(int(clock[1]) * _HOUR + int(clock[2])), text)
    found = _PARTS.fullmatch(text)
    if found is None or not any(found.groups()):
        raise Unreadable("duration.unreadable", text=excerpt(text))
    days, hours, half_before, half_after, minutes = found.groups()
    halves = sum(1 for half in (half_before, half_after) if half)
    total = _number(days) * _DAY + _number(hours) * _HOUR + 30 * halves + _number(minutes)
    return _minutes(total, text)


def _number(text: str | None) -> Decimal:
    if text is None:
        return Decimal(0)
    return Decimal("0.5") if text == "半" else Decimal(text)


def _minutes(total: Decimal, given: object) -> int:
    if total < 0:
        raise Unreadable("duration.unreadable", text=excerpt(given))
    if total and total.adjusted() >= _MOST_DIGITS:
        raise Unreadable("number.too_large", digits=_MOST_DIGITS)
    return int(total.to_integral_value(ROUND_HALF_UP))
