"""The any_link field: one record of any entity."""

import re
from typing import Final

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt, narrow
from loopline.fields.definition import FieldDef

_TEXT: Final = re.compile(r"([a-z][a-z0-9_]{0,40}):([1-9]\d{0,18})", re.ASCII)
_LARGEST_ID: Final = 2**63 - 1


class AnyLinkType(FieldType):
    """A text ``entity:id``, which expressions compare as a code.

    One text, so that the records about another are one look-up in one index: ``about ==
    "company:12"``. Deleting the other record leaves it, as restoring brings the other back.
    """

    id = "any_link"
    expr_type = ExprType.CODE
    operators = ("==", "!=", "in", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the text."""
        return (Column("", StorageKind.CODE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the link that ``entity:id`` names. Raises Unreadable ``any_link.unreadable``."""
        plain = narrow(cell_text(text))
        return _read(plain) if plain else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the link of ``{"entity": "…", "id": 12}``, None for null or ``""``.

        Raises Unreadable ``any_link.unreadable``.
        """
        if raw is None or raw == "":
            return None
        if (
            not isinstance(raw, dict)
            or raw.keys() != {"entity", "id"}
            or isinstance(raw["id"], bool)
        ):
            raise Unreadable("any_link.unreadable", text=excerpt(raw))
        return _read(f"{raw['entity']}:{raw['id']}")

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer the entity and the id as an object."""
        entity, record = target(value)
        return {"entity": entity, "id": record}

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a choice of the entity with a picker of its records."""
        return Widget(name="any_link")


def target(value: object) -> tuple[str, int]:
    """Answer the entity and the id of a value."""
    entity, _, record = str(value).partition(":")
    return entity, int(record)


def _read(text: str) -> str:
    found = _TEXT.fullmatch(text)
    if found is None or int(found[2]) > _LARGEST_ID:
        raise Unreadable("any_link.unreadable", text=excerpt(text))
    return text
