"""The color field: an sRGB colour."""

import re
from typing import Final

from loopline.expr.fold import fold
from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.fields.definition import FieldDef

_HEX: Final = re.compile(r"#?([0-9a-f]{6}|[0-9a-f]{3})", re.ASCII | re.I)
_RGB: Final = re.compile(r"rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)", re.ASCII | re.I)
_NAMED: Final = {
    "#000000": ("black", "黑", "黑色"),
    "#ffffff": ("white", "白", "白色"),
    "#808080": ("gray", "grey", "灰", "灰色"),
    "#c0c0c0": ("silver", "银", "银色", "银灰"),
    "#ff0000": ("red", "红", "红色"),
    "#ffa500": ("orange", "橙", "橙色", "橘", "橘色"),
    "#ffff00": ("yellow", "黄", "黄色"),
    "#008000": ("green", "绿", "绿色"),
    "#00ffff": ("cyan", "青", "青色"),
    "#0000ff": ("blue", "蓝", "蓝色"),
    "#800080": ("purple", "紫", "紫色"),
    "#ffc0cb": ("pink", "粉", "粉色", "粉红"),
    "#a52a2a": ("brown", "棕", "棕色", "褐", "褐色"),
}
"""The basic colours of CSS, beside what they are called in Chinese."""


class ColorType(FieldType):
    """A text ``#rrggbb`` in lower case."""

    id = "color"
    expr_type = ExprType.CODE
    operators = ("==", "!=", "in", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the code."""
        return (Column("", StorageKind.CODE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the colour of ``#1a2b3c``, ``#abc``, ``rgb(1, 2, 3)``, ``red`` or ``红色``.

        Raises Unreadable ``color.unreadable``.
        """
        plain = narrow(cell_text(text))
        return _read(plain) if plain else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the colour of a JSON string, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, str):
            raise Unreadable("color.unreadable", text=excerpt(raw))
        return _read(raw)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a text input beside the browser's colour input, which cannot be blank."""
        return Widget(name="color", attributes={"maxlength": "30", "spellcheck": "false"})


def _read(text: str) -> str:
    if found := _HEX.fullmatch(text):
        digits = found[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))
    if (found := _RGB.fullmatch(text)) and all(int(part) <= 255 for part in found.groups()):
        return "#" + "".join(f"{int(part):02x}" for part in found.groups())
    word = fold(text)
    for code, names in _NAMED.items():
        if word in names:
            return code
    raise Unreadable("color.unreadable", text=excerpt(text))
