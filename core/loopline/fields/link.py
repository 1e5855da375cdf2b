"""The link field, and its two fixed kinds: user and department."""

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef

_LARGEST_ID = 2**63 - 1


class LinkType(FieldType):
    """The id of a record of another entity.

    Titles live in the database, so texts are resolved and links are shown by the services; here
    only the id itself can be read and written.
    """

    id = "link"
    expr_type = ExprType.LINK
    settings = frozenset({"to", "on_delete"})
    operators = ("==", "!=", "in", "is_blank")

    def target(self, definition: FieldDef) -> str:
        """Answer the id of the entity linked to."""
        return definition.to

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the id."""
        return (Column("", StorageKind.LINK),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer None for blank. Raises Unreadable ``link.needs_lookup`` for anything else."""
        plain = cell_text(text).strip()
        if plain:
            raise Unreadable("link.needs_lookup", text=excerpt(plain))
        return None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the id in a JSON number, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if isinstance(raw, bool) or not isinstance(raw, int) or not 0 < raw <= _LARGEST_ID:
            raise Unreadable("link.invalid", text=excerpt(raw))
        return raw

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the input that finds records while one types."""
        return Widget(name="link")


class UserType(LinkType):
    """A link to a user of the site."""

    id = "user"
    settings = frozenset({"on_delete"})

    def target(self, definition: FieldDef) -> str:
        """Answer the kernel's entity of users."""
        return "user"


class DepartmentType(LinkType):
    """A link to a department of the site."""

    id = "department"
    settings = frozenset({"on_delete"})

    def target(self, definition: FieldDef) -> str:
        """Answer the kernel's entity of departments."""
        return "department"
