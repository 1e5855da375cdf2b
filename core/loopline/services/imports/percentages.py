"""Columns of percentages: below “Discount (%)” a bare 25 is 25 %, as it is in a form.

Anywhere else a bare number is the ratio, and so is the number in a cell of a workbook: a cell that
shows 25% holds 0.25.
"""

from collections.abc import Callable
from typing import Final

from loopline.fields.base import Locale
from loopline.fields.definition import FieldDef
from loopline.store.tables import StoredField

Parser = Callable[..., object]
_SIGNS: Final = ("%", "％")


def parser(stored: StoredField, heading: str) -> Parser:
    """Answer what reads the cells below a heading; it raises Unreadable."""
    parse, typed = stored.type.parse, stored.type.typed
    if stored.type.id != "percent" or not _says_percent(stored.definition, heading):
        return parse

    def read(definition: FieldDef, cell: object, locale: Locale) -> object:
        if isinstance(cell, str):
            return typed(definition, cell, locale)
        return parse(definition, cell, locale)

    return read


def _says_percent(definition: FieldDef, heading: str) -> bool:
    """Answer whether it is the heading that adds the sign.

    A field that is called so itself is exported below its label, as ratios.
    """
    own = (*definition.label.values(), *definition.synonyms)
    return _has_sign(heading) and not any(map(_has_sign, own))


def _has_sign(text: str) -> bool:
    return any(sign in text for sign in _SIGNS)
