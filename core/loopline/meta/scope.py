"""What an expression over an entity may name: its fields, and those up to three links away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from loopline.errors import LooplineError
from loopline.expr.errors import Unusable
from loopline.expr.functions import KERNEL_FUNCTIONS, Function
from loopline.expr.scope import Ref
from loopline.expr.tree import Node
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.virtual import MOST_NESTED, read_virtual

_USER: Final = "user"


@dataclass(frozen=True, slots=True)
class EntityScope:
    """The scope of one entity; implements :class:`loopline.expr.scope.Scope`."""

    catalog: Catalog
    types: FieldTypes
    entity: str
    functions: Mapping[str, Function] = field(default_factory=lambda: KERNEL_FUNCTIONS)
    links: tuple[str, ...] = ()
    """The links that lead from the record judged to the entity: for formulas of linked records."""
    inside: tuple[tuple[str, str], ...] = ()
    """The formulas, as (entity, field), that are being worked out, the outermost first."""

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer the field at ``path``, None when there is none or it may not be compared.

        Raises Unusable for a formula that needs itself, or that cannot be read.
        """
        definition = self.definition(path)
        if definition is None or definition.masked or definition.type not in self.types:
            return None
        kind = self.types[definition.type]
        made = None if definition.virtual is None else self._formula(path, definition)
        at = (*self.links, *self._followed(path[:-1]), path[-1])
        return Ref(at, kind.expr_type, definition.scale, definition.to, made)

    def below(self, path: tuple[str, ...], definition: FieldDef) -> "EntityScope":
        """Answer the scope in which the formula at ``path`` is written.

        Raises Unusable where it needs itself, or stands inside too many others.
        """
        place = (definition.entity, definition.id)
        if place in self.inside:
            around = " → ".join(name for _, name in (*self.inside, place))
            raise Unusable("formula.circle", field=definition.id, around=around)
        if len(self.inside) >= MOST_NESTED:
            raise Unusable("formula.depth", field=definition.id, most=MOST_NESTED)
        links = (*self.links, *self._followed(path[:-1]))
        inside = (*self.inside, place)
        return replace(self, entity=definition.entity, links=links, inside=inside)

    def _formula(self, path: tuple[str, ...], definition: FieldDef) -> Node:
        scope = self.below(path, definition)
        try:
            return read_virtual(definition, scope, self.types)
        except LooplineError as error:
            within = {"formula.circle", "formula.depth"}
            for problem in error.problems:
                if problem.code in within:
                    raise Unusable(problem.code, **_own(problem.params)) from None
            raise Unusable("formula.broken", field=definition.id) from None

    def _followed(self, links: tuple[str, ...]) -> tuple[str, ...]:
        """Answer the stored links that a row of links stands for: lookups among them unfolded."""
        found: tuple[str, ...] = ()
        for steps, name in enumerate(links, start=1):
            definition = self.definition(links[:steps])
            looked_up = definition.virtual if definition is not None else None
            if definition is None or looked_up is None:
                found = (*found, name)
                continue
            below = replace(self, links=()).below((name,), definition)
            found = (*found, *below._followed(tuple(looked_up.formula.split("."))))
        return found

    def member(self, name: str) -> Ref | None:
        """Answer a field of the current user."""
        if not self.catalog.has("entity", _USER):
            return None
        found = EntityScope(self.catalog, self.types, _USER).resolve((name,))
        return found if found is None or found.formula is None else None

    def names(self, path: tuple[str, ...]) -> Iterable[str]:
        """Answer the names that may follow ``path`` and be compared."""
        entity = _USER if path == ("me",) else self._target(path)
        if not entity or not self.catalog.has("entity", entity):
            return ()
        definition = self.catalog.entity(entity)
        plain = (name for name, one in definition.fields.items() if not one.masked)
        return (*plain, *definition.system)

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


def _own(params: Mapping[str, object]) -> dict[str, object]:
    return {name: params[name] for name in ("field", "around", "most") if name in params}
