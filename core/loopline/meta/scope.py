"""What an expression over an entity may name: its fields, and those up to three links away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from loopline.expr.functions import KERNEL_FUNCTIONS, Function
from loopline.expr.scope import Ref
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog

_USER: Final = "user"


@dataclass(frozen=True, slots=True)
class EntityScope:
    """The scope of one entity; implements :class:`loopline.expr.scope.Scope`."""

    catalog: Catalog
    types: FieldTypes
    entity: str
    functions: Mapping[str, Function] = field(default_factory=lambda: KERNEL_FUNCTIONS)

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer the field at ``path``, None when there is none or it may not be compared."""
        definition = self.definition(path)
        if definition is None or definition.masked or definition.type not in self.types:
            return None
        return self._ref(path, definition)

    def member(self, name: str) -> Ref | None:
        """Answer a field of the current user."""
        if not self.catalog.has("entity", _USER):
            return None
        return EntityScope(self.catalog, self.types, _USER).resolve((name,))

    def names(self, path: tuple[str, ...]) -> Iterable[str]:
        """Answer the names that may follow ``path``."""
        entity = _USER if path == ("me",) else self._target(path)
        if not entity or not self.catalog.has("entity", entity):
            return ()
        definition = self.catalog.entity(entity)
        return (*definition.fields, *definition.system)

    def definition(self, path: tuple[str, ...]) -> FieldDef | None:
        """Answer the definition of the field at ``path``, links followed."""
        entity = self._target(path[:-1])
        if not entity or not self.catalog.has("entity", entity):
            return None
        return self.catalog.entity(entity).field(path[-1])

    def _target(self, links: tuple[str, ...]) -> str:
        """Answer the entity that a row of links leads to, empty where it leads nowhere."""
        if not links:
            return self.entity
        link = self.definition(links)
        return link.to if link is not None and not link.masked else ""

    def _ref(self, path: tuple[str, ...], definition: FieldDef) -> Ref:
        kind = self.types[definition.type]
        return Ref(path, kind.expr_type, definition.scale, definition.to)
