"""Formulas and lookups: what is selected for them, what they sort by, and their values."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from loopline.expr.moment import Moment
from loopline.expr.python import Operand, Values, compile_formula
from loopline.expr.tree import Field, Node
from loopline.expr.typed import type_of
from loopline.meta.scope import EntityScope
from loopline.meta.virtual import read_virtual
from loopline.store.columns import RecordColumns
from loopline.store.expressions import comparable_to_sql, formula_to_sql
from loopline.store.snapshot import Snapshot
from loopline.store.tables import StoredField

Columns = tuple[sa.ColumnElement[Any], ...]


@dataclass(frozen=True, slots=True)
class VirtualField:
    """A field that is stored nowhere, with the checked tree of its value.

    Where the tree is but a field, of the record or a linked one, its value is that field's.
    """

    shown: StoredField
    node: Node
    evaluate: Operand

    @property
    def name(self) -> str:
        """The field."""
        return self.shown.definition.id

    def columns(self, columns: RecordColumns, moment: Moment) -> Columns:
        """Answer what to select for the value; :meth:`load` makes the value of it."""
        if isinstance(self.node, Field):
            return columns.all_columns(self.node.ref.path)
        return (formula_to_sql(self.node, columns, moment),)

    def order(self, columns: RecordColumns, moment: Moment) -> sa.ColumnElement[Any]:
        """Answer what lists sort by."""
        if isinstance(self.node, Field):
            return columns.order(self.node.ref.path)
        return comparable_to_sql(self.node, columns, moment)

    def load(self, parts: Sequence[object]) -> object:
        """Answer the value of what was selected."""
        blank = all(part is None for part in parts)
        return None if blank else self.shown.type.load(self.shown.definition, tuple(parts))

    def value(self, values: Values, moment: Moment) -> object:
        """Answer the value for one record, given its values and those of linked ones."""
        if isinstance(self.node, Field):
            return values(self.node.ref.path)
        found = self.evaluate(values, moment)
        if found is not None and type_of(self.node).number:
            found = int(Decimal(str(found)).scaleb(self.shown.definition.scale))
        return self.load((found,))


def virtual_field(snapshot: Snapshot, entity: str, name: str) -> VirtualField | None:
    """Answer a formula or lookup of an entity, None for what is no such field."""

    def build() -> VirtualField | None:
        shown = snapshot.table(entity).virtual.get(name)
        if shown is None:
            return None
        scope = EntityScope(snapshot.catalog, snapshot.types, entity)
        written = scope.below((name,), shown.definition)
        node = read_virtual(shown.definition, written, snapshot.types)
        return VirtualField(shown, node, compile_formula(node))

    return snapshot.memo(("virtual", entity, name), build)
