"""The boolean field: yes or no."""

from loopline.expr.fold import fold
from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef
from loopline.language import Label

_TRUE = frozenset({"是", "有", "对", "真", "√", "✓", "✔", "☑", "true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset(
    {
        "否",
        "无",
        "错",
        "假",
        "不是",
        "没有",
        "×",
        "✗",
        "✘",
        "☒",
        "x",
        "false",
        "f",
        "no",
        "n",
        "off",
        "0",
    }
)
_YES = Label({"zh": "是", "en": "Yes"})
_NO = Label({"zh": "否", "en": "No"})


class BooleanType(FieldType):
    """A bool; blank is neither."""

    id = "boolean"
    expr_type = ExprType.BOOLEAN
    operators = ("==", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one boolean column."""
        return (Column("", StorageKind.BOOLEAN),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the bool of 是/否, true/false, yes/no, √/×, 1/0. Raises Unreadable."""
        word = fold(cell_text(text))
        if word in _TRUE:
            return True
        if word in _FALSE:
            return False
        if word:
            raise Unreadable("boolean.unreadable", text=excerpt(text))
        return None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer a JSON boolean, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, bool):
            raise Unreadable("boolean.unreadable", text=excerpt(raw))
        return raw

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the word for yes or no."""
        return (_YES if value else _NO).to(locale.language)

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer ``true`` or ``false``, the values of the form's input."""
        return "true" if value else "false"

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a tick box."""
        return Widget(name="checkbox", input_type="checkbox")
