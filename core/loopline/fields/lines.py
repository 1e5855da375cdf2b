"""The lines field: the records that are lines of a record; they live in a table of their own."""

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef


class LinesType(FieldType):
    """No column and no value: the services read lines beside their record and write them with it.

    A file gives lines by rows of their own, which link to their record.
    """

    id = "lines"
    expr_type = ExprType.OPAQUE
    settings = frozenset({"to"})
    operators = ()
    held_elsewhere = True

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer no column."""
        return ()

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer None for blank. Raises Unreadable ``lines.unreadable`` for anything else."""
        return self.from_json(definition, cell_text(text).strip())

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer None for blank. Raises Unreadable ``lines.unreadable`` for anything else."""
        if raw is None or raw == "":
            return None
        raise Unreadable("lines.unreadable", text=excerpt(raw))

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a table of the lines' own inputs."""
        return Widget(name="lines")
