"""From cells to values: one reader a column, compiled once for an import."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from loopline.fields.base import FieldType, Locale
from loopline.fields.cleaning import cell_text
from loopline.fields.definition import FieldDef
from loopline.services.mapping.file import ColumnRule
from loopline.services.mapping.values import cell_reader
from loopline.store.tables import StoredField

Reader = Callable[[object], object]
_MOST_REMEMBERED: Final = 20_000
_MUTABLE: Final = frozenset({"json"})


def value_reader(
    stored: StoredField, rule: ColumnRule, blank: tuple[str, ...], locale: Locale
) -> Reader:
    """Answer what reads the cells of a column; the reader raises Unreadable.

    Columns repeat themselves (dates, choices, names), so texts that were read are remembered.
    """
    read = _parser(stored.type, stored.definition, _told(locale, rule))
    if blank or rule.values:
        replaced = cell_reader(rule, blank)
        parse, meant = read, replaced.read

        def read(cell: object) -> object:
            text = meant(cell)
            return None if text is None else parse(text)

    return read if stored.type.id in _MUTABLE else remembering(read)


def text_reader(rule: ColumnRule, blank: tuple[str, ...]) -> Reader:
    """Answer what reads the cells of a link's column: the text to look up, None for blank."""
    meant = cell_reader(rule, blank)

    def read(cell: object) -> object:
        value = meant.read(cell)
        return (cell_text(value).strip() or None) if value is not None else None

    return remembering(read)


def remembering(read: Reader) -> Reader:
    """Answer a reader that reads each text once, as long as there are not too many."""
    known: dict[object, object] = {}

    def remembered(cell: object) -> object:
        if type(cell) is not str:
            return read(cell)
        if cell in known:
            return known[cell]
        value = read(cell)
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        known[cell] = value
        return value

    return remembered


def _told(locale: Locale, rule: ColumnRule) -> Locale:
    return replace(locale, date_format=rule.date_format) if rule.date_format else locale


def _parser(kind: FieldType, definition: FieldDef, locale: Locale) -> Reader:
    parse = kind.parse

    def read(cell: object) -> object:
        return parse(definition, cell, locale)

    return read
