"""From cells to values: one reader a column, compiled once for an import."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from types import NoneType
from typing import Final

from loopline.fields.base import Locale, Unreadable
from loopline.fields.cleaning import cell_text
from loopline.services.imports.percentages import parser
from loopline.services.imports.several import parts_of
from loopline.services.mapping.file import ColumnRule
from loopline.services.mapping.values import cell_reader
from loopline.store.tables import StoredField

Reader = Callable[[object], object]
_MOST_REMEMBERED: Final = 20_000
_MUTABLE: Final = frozenset({"json"})


class ColumnReader:
    """Reads the cells of one column, each different one once: columns repeat themselves."""

    def __init__(self, read: Reader, *, remembers: bool = True) -> None:
        self._read = read
        self._remembers = remembers
        # By type, since 1, 1.0 and True are one key of a dict and three texts.
        self._known: dict[type, dict[object, object]] = defaultdict(lambda: {None: None})

    def read(self, cells: Sequence[object]) -> list[object]:
        """Answer the values; where a cell cannot be read stands the Unreadable itself."""
        kinds = set(map(type, cells)) - {NoneType}
        different = set(cells) if len(kinds) <= 1 and self._remembers else None
        if different is None or len(different) * 2 > len(cells):
            return self._each(cells)
        known = self._known[kinds.pop() if kinds else NoneType]
        if len(known) > _MOST_REMEMBERED:
            known.clear()
            known[None] = None
        fresh = list(different - known.keys())
        known.update(zip(fresh, self._each(fresh), strict=True))
        return [known[cell] for cell in cells]

    def _each(self, cells: Sequence[object]) -> list[object]:
        read = self._read
        values: list[object] = []
        for cell in cells:
            try:
                values.append(None if cell is None else read(cell))
            except Unreadable as error:
                values.append(error)
        return values


def value_reader(
    stored: StoredField,
    rule: ColumnRule,
    blank: tuple[str, ...],
    locale: Locale,
    heading: str = "",
) -> Reader:
    """Answer what reads one cell below a heading as a value; it raises Unreadable."""
    parse, definition = parser(stored, heading), stored.definition
    told = replace(locale, date_format=rule.date_format) if rule.date_format else locale
    if not blank and not rule.values:
        return partial(parse, definition, locale=told)
    meant = cell_reader(rule, blank).read

    def read(cell: object) -> object:
        text = meant(cell)
        return None if text is None else parse(definition, text, told)

    return read


def text_reader(rule: ColumnRule, blank: tuple[str, ...]) -> Reader:
    """Answer what reads one cell of a link's column: the text to look up, None for blank."""
    meant = cell_reader(rule, blank).read

    def read(cell: object) -> object:
        value = meant(cell)
        return None if value is None else cell_text(value).strip() or None

    return read


def texts_reader(rule: ColumnRule, blank: tuple[str, ...]) -> Reader:
    """Answer what reads one cell that names several records: the texts to look up.

    The value rules of the column hold for the whole cell and for each of its parts.
    """
    meant = text_reader(rule, blank)

    def read(cell: object) -> object:
        text = meant(cell)
        found = (meant(part) for part in parts_of(str(text))) if text is not None else ()
        return tuple(dict.fromkeys(part for part in found if part is not None)) or None

    return read


def remembers(stored: StoredField) -> bool:
    """Answer whether a value of the field may stand in two records: it must not change."""
    return stored.type.id not in _MUTABLE
