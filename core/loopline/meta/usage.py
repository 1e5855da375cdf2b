"""Where a field, option, entity or other document is used, derived from typed references."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from loopline.errors import LooplineError
from loopline.expr.check import references
from loopline.expr.parse import parse
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey, Leaf, Leaves, Path
from loopline.meta.roles import expand_scope
from loopline.meta.schemas import Schemas

_FIELDS: Final = frozenset({"field", "sort", "path"})
_ENTITY: Final = "entity"


@dataclass(frozen=True, slots=True)
class Use:
    """One place that refers to something."""

    document: DocumentKey
    path: Path


def parse_path(catalog: Catalog, text: str) -> tuple[DocumentKey, Path]:
    """Read ``lead.fields.budget`` or ``form/lead_main.sections.base``. Raises NotFound."""
    first, *rest = text.split(".")
    kind, _, name = first.rpartition("/")
    for candidate in [kind] if kind else ["entity", "form", "view", "menu", "numbering", "seed"]:
        if catalog.has(candidate, name):
            return DocumentKey(candidate, name), tuple(rest)
    raise catalog.missing(kind or "entity", name)


def where_used(catalog: Catalog, schemas: Schemas, key: DocumentKey, path: Path) -> Iterator[Use]:
    """Yield every place that refers to a document, or to one of its fields (``fields.<id>``)."""
    field = path[1] if key.kind == _ENTITY and len(path) > 1 and path[0] == "fields" else ""
    for kind in sorted(schemas.kinds):
        for name in catalog.ids(kind):
            found = DocumentKey(kind, name)
            values = catalog.resolved(found).values
            yield from _Reader(catalog, schemas, found, values, key, field).uses()


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the references of one document, and tells those to a document or a field of it.

    Of a schema's node ``x-ref`` or ``x-use`` says what a leaf or the keys of a map name,
    ``x-expr`` or ``x-use: expr`` that a leaf is an expression, ``x-of`` of which entity.
    """

    catalog: Catalog
    schemas: Schemas
    document: DocumentKey
    values: Leaves
    key: DocumentKey
    field: str

    def uses(self) -> Iterator[Use]:
        """Yield each place once, in the order of the document."""
        seen: set[Path] = set()
        for path, value in self.values.items():
            for at in self._places(path, value):
                if at not in seen:
                    seen.add(at)
                    yield Use(self.document, at)

    def _places(self, path: Path, value: Leaf) -> Iterator[Path]:
        """Yield the leaf, and the elements of maps in which it stands, that refer to the target."""
        if self._hits(self._node(path), path, value):
            yield path
        for depth in range(1, len(path)):
            node, element = self._node(path[:depth]), path[: depth + 1]
            if node.get("type") == "object" and self._names(node, element, (path[depth],)):
                yield element

    def _hits(self, node: Mapping[str, Any], path: Path, value: Leaf) -> bool:
        rule = node.get("x-expr") or node.get("x-use")
        if rule in {True, "scope", "formula", "expr", "assigned"}:
            return bool(self.field) and isinstance(value, str) and self._reads(node, path, value)
        names = value if isinstance(value, tuple) else (value,)
        return self._names(node, path, tuple(map(str, names)))

    def _names(self, node: Mapping[str, Any], path: Path, names: tuple[str, ...]) -> bool:
        """Whether a leaf or key names the target; of fields those of one entity, or paths of it."""
        rule = node.get("x-ref") or node.get("x-use")
        if not self.field:
            return rule == self.key.kind and self.key.id in names
        if rule not in _FIELDS:
            return False
        entity = self._entity(node, path)
        return any(self._leads(tuple(one.lstrip("-").split(".")), entity) for one in names)

    def _reads(self, node: Mapping[str, Any], path: Path, text: str) -> bool:
        """Whether an expression reads the field, by itself or through links."""
        if node.get("x-use") == "assigned":
            if not text.startswith("="):
                return False
            text = text.removeprefix("=")
        try:
            found = references(parse(expand_scope(text) if node.get("x-expr") == "scope" else text))
        except LooplineError:
            return False
        entity = self._entity(node, path)
        return any(self._leads(one, entity) for one in found)

    def _leads(self, steps: tuple[str, ...], entity: str) -> bool:
        """Whether a path of fields from an entity passes through the field that is looked for."""
        for step in steps:
            if entity == self.key.id and step == self.field:
                return True
            entity = self._target(entity, step)
        return False

    def _target(self, entity: str, link: str) -> str:
        if not self.catalog.has(_ENTITY, entity):
            return ""
        found = self.catalog.entity(entity).field(link)
        return "" if found is None else found.to or found.many

    def _entity(self, node: Mapping[str, Any], path: Path) -> str:
        """Answer the entity a leaf is about: ``x-of`` where it says so, else the nearest above.

        ``x-of`` is the first that is there of some names: of a leaf that holds the entity, of a
        leaf that holds a link to it (``via.to``), of a map whose key is the entity (``also.*``).
        """
        for name in node.get("x-of", ()):
            first, _, further = name.partition(".")
            if further == "*":
                return path[path.index(first) + 1]
            held = self._nearest(first, path)
            if held:
                return self._target(self._own(path), held) if further else held
        return self._own(path)

    def _own(self, path: Path) -> str:
        if self.document.kind == _ENTITY:
            return self.document.id
        return self._nearest(_ENTITY, path)

    def _nearest(self, name: str, path: Path) -> str:
        """Answer the setting of a name that stands nearest above a place; blank if there is none.

        Maps keyed by ids are passed over: a field may be called like a setting.
        """
        for depth in range(len(path) - 1, -1, -1):
            here = (*path[:depth], name)
            if here in self.values and name in self._node(path[:depth]).get("properties", ()):
                return str(self.values[here])
        return ""

    def _node(self, path: Path) -> Mapping[str, Any]:
        return self.schemas.node(self.document.kind, path)
