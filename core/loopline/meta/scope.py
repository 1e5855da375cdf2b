"""What an expression over an entity may name: its fields, and those one link away."""

from dataclasses import dataclass

from loopline.expr.scope import Ref
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog


@dataclass(frozen=True, slots=True)
class EntityScope:
    """The scope of one entity; implements :class:`loopline.expr.scope.Scope`."""

    catalog: Catalog
    types: FieldTypes
    entity: str

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer the field at ``path`` (one or two steps), None when there is none."""
        definition = self.catalog.entity(self.entity).field(path[0])
        if definition is None or len(path) > 2:
            return None
        if len(path) == 2:
            if not definition.to or not self.catalog.has("entity", definition.to):
                return None
            definition = self.catalog.entity(definition.to).field(path[1])
        if definition is None or definition.type not in self.types:
            return None
        return self._ref(path, definition)

    def _ref(self, path: tuple[str, ...], definition: FieldDef) -> Ref:
        kind = self.types[definition.type]
        return Ref(path, kind.expr_type, definition.scale)
