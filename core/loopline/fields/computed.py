"""Fields whose value is made from others: nobody writes them.

Their definition names what they are made of; the catalog completes it with the type of the result,
by which the value is stored, shown, filtered and exported. So these types stand only in documents.
"""

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, Unreadable
from loopline.fields.definition import FieldDef


class ComputedType(FieldType):
    """A type without values of its own."""

    expr_type = ExprType.OPAQUE
    operators = ()
    held_elsewhere = True

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer no column."""
        return ()

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer None for blank. Raises Unreadable ``field.computed`` for anything else."""
        return self.from_json(definition, str(text).strip() if text is not None else None)

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer None for blank. Raises Unreadable ``field.computed`` for anything else."""
        if raw is None or raw == "":
            return None
        raise Unreadable("field.computed", label=definition.label)


class RollupType(ComputedType):
    """A number, day or moment over the records that link to this one, stored with it."""

    id = "rollup"
    settings = frozenset({"of", "via", "aggregate", "field", "filter"})


class FormulaType(ComputedType):
    """The value of a formula over the record, stored nowhere."""

    id = "formula"
    settings = frozenset({"returns", "formula", "scale"})


class LookupType(ComputedType):
    """A field of the record that a link leads to, stored nowhere."""

    id = "lookup"
    settings = frozenset({"via", "field"})
