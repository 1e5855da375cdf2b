"""The links field: any number of records of another entity."""

import re
from collections.abc import Iterable, Iterator
from typing import ClassVar, Final, cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef
from loopline.language import listed

_LARGEST_ID: Final = 2**63 - 1
_MOST: Final = 1_000
_SEPARATORS: Final = re.compile(r"[,;、，；\s]+")
_NUMBER: Final = re.compile(r"#?([1-9]\d{0,18})", re.ASCII)
_NUMBERED: Final = re.compile(r".*#([1-9]\d{0,18})", re.ASCII)


class RecordIds(tuple[int, ...]):
    """Ids in rising order; an expression, which writes codes as text, finds them by text too."""

    __slots__ = ()

    def __contains__(self, one: object) -> bool:
        if isinstance(one, str):
            return one.isascii() and one.isdigit() and super().__contains__(int(one))
        return super().__contains__(one)


class LinksType(FieldType):
    """RecordIds, stored ``,1,2,``, and each in a row of its own that points to its record.

    Titles live in the database: names in files are found by the services, here only numbers are
    read.
    """

    id = "links"
    expr_type = ExprType.SET
    settings = frozenset({"to", "on_delete"})
    operators: ClassVar[tuple[str, ...]] = ("in", "is_blank")
    member_kind = StorageKind.LINK

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one text column."""
        return (Column("", StorageKind.TEXT),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the ids of ``#1, #2`` or of lines that end in ``#1``.

        Raises Unreadable ``link.needs_lookup`` for names.
        """
        plain = cell_text(text).strip()
        parts = [part for part in _SEPARATORS.split(plain) if part]
        found = [_NUMBER.fullmatch(part) for part in parts]
        if not all(found):
            found = [_NUMBERED.fullmatch(line.strip()) for line in plain.splitlines()]
        if not all(found):
            raise Unreadable("link.needs_lookup", text=excerpt(plain))
        return record_ids(int(one[1]) for one in found if one)

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the ids of a JSON array, None for null, ``""`` or an empty one.

        Raises Unreadable.
        """
        if raw is None or raw == "":
            return None
        if not isinstance(raw, list | tuple):
            raise Unreadable("links.unreadable", text=excerpt(raw))
        for one in raw:
            if isinstance(one, bool) or not isinstance(one, int):
                raise Unreadable("link.invalid", text=excerpt(one))
        return record_ids(cast("Iterable[int]", raw))

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer the array of ids."""
        return list(cast(RecordIds, value))

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when there are too many to be kept in one field."""
        count = len(cast(RecordIds, value))
        if count > _MOST:
            yield Unreadable("links.too_many", limit=_MOST, count=count)

    def dump(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the ids between commas, None for blank or none."""
        return (f",{','.join(map(str, cast(RecordIds, value)))}," if value else None,)

    def load(self, definition: FieldDef, stored: tuple[object, ...]) -> object:
        """Answer the ids of a stored text."""
        text = cast("str | None", stored[0])
        return RecordIds(map(int, text.strip(",").split(","))) if text else None

    def members(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the ids."""
        return cast(RecordIds, value)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the numbers; pages put the records' titles in their place."""
        return listed((f"#{one}" for one in cast(RecordIds, value)), locale.language)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the numbers, which an import takes for the same records."""
        return ", ".join(f"#{one}" for one in cast(RecordIds, value))

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a list of records with a picker."""
        return Widget(name="links")


def record_ids(ids: Iterable[int]) -> RecordIds | None:
    """Answer the ids, each once and in rising order; None for none. Raises Unreadable."""
    found = sorted(set(ids))
    if found and not (found[0] > 0 and found[-1] <= _LARGEST_ID):
        raise Unreadable("link.invalid", text=excerpt(found[0] if found[0] <= 0 else found[-1]))
    return RecordIds(found) or None
