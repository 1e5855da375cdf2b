"""The multi-choice field: several options of its definition."""

import re
from collections.abc import Iterable, Iterator
from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.choice import (
    code_problems,
    find_code,
    known_code,
    option_code,
    option_label,
    ordered_codes,
    readable_name,
)
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef
from loopline.language import listed

_SEPARATORS = re.compile(r"[,;、，；|\r\n]")


class MultiChoiceType(FieldType):
    """A tuple of codes in the order of the options; stored ``,a,b,`` so that ``,a,`` finds one."""

    id = "multi_choice"
    expr_type = ExprType.SET
    settings = frozenset({"options"})
    operators = ("in", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one text column."""
        return (Column("", StorageKind.TEXT),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the codes of names parted by , ; 、 | or line breaks. Raises Unreadable."""
        plain = cell_text(text).strip()
        if not plain:
            return None
        if whole := find_code(definition, plain):  # a label may hold a separator itself
            return (whole,)
        names = filter(None, (name.strip() for name in _SEPARATORS.split(plain)))
        return _ordered(definition, (option_code(definition, name) for name in names))

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the codes of a JSON array, None for null, ``""`` or an empty one.

        Raises Unreadable.
        """
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list | tuple):
            raise Unreadable("multi_choice.unreadable", text=excerpt(raw))
        return _ordered(definition, (known_code(definition, code) for code in raw))

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer the array of codes."""
        return list(_codes(value))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem for each option that is gone or retired."""
        for code in _codes(value):
            yield from code_problems(definition, code)

    def dump(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the codes between commas, None for blank or none."""
        return (f",{','.join(_codes(value))}," if value else None,)

    def load(self, definition: FieldDef, stored: tuple[object, ...]) -> object:
        """Answer the codes of a stored text."""
        return tuple(cast(str, stored[0]).strip(",").split(",")) if stored[0] else None

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the labels."""
        names = (option_label(definition, code, locale.language) for code in _codes(value))
        return listed(names, locale.language)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer labels parted by commas; the code where a label would be misread."""
        return ", ".join(_unmistakable(definition, code, locale.language) for code in _codes(value))

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the codes, the values of the form's options."""
        return ",".join(_codes(value))

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a list of tick boxes."""
        return Widget(name="multi")


def _codes(value: object) -> tuple[str, ...]:
    return cast(tuple[str, ...], value)


def _ordered(definition: FieldDef, codes: Iterable[str]) -> tuple[str, ...] | None:
    chosen = set(codes)
    return tuple(code for code in ordered_codes(definition) if code in chosen) or None


def _unmistakable(definition: FieldDef, code: str, language: str) -> str:
    name = readable_name(definition, code, language)
    return code if _SEPARATORS.search(name) else name
