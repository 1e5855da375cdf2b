"""Where a field, option, entity or other document is used, derived from typed references."""

from collections.abc import Iterator
from dataclasses import dataclass

from loopline.errors import LooplineError, NotFound
from loopline.expr.check import references
from loopline.expr.parse import parse
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey, Path
from loopline.meta.schemas import Schemas


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
    raise NotFound(code="metadata.no_document", document=first)


def where_used(catalog: Catalog, schemas: Schemas, key: DocumentKey, path: Path) -> Iterator[Use]:
    """Yield every place that refers to a document, or to one of its fields (``fields.<id>``)."""
    field = path[1] if key.kind == "entity" and len(path) > 1 and path[0] == "fields" else ""
    for kind in sorted(schemas.kinds):
        for name in catalog.ids(kind):
            found = DocumentKey(kind, name)
            yield from _uses(catalog, schemas, found, key, field)


def _uses(
    catalog: Catalog, schemas: Schemas, document: DocumentKey, key: DocumentKey, field: str
) -> Iterator[Use]:
    values = catalog.resolved(document).values
    entity = document.id if document.kind == "entity" else str(values.get(("entity",), ""))
    seen: set[Path] = set()
    for path, value in values.items():
        node = schemas.node(document.kind, path)
        names = value if isinstance(value, tuple) else (value,)
        hit = not field and node.get("x-ref") == key.kind and key.id in names
        if field and node.get("x-expr") and isinstance(value, str):
            hit = _mentions(catalog, value, entity, key.id, field)
        if field and entity == key.id and node.get("x-ref") in {"field", "sort"}:
            hit = field in {str(name).lstrip("-") for name in names}
        if hit and path not in seen:
            seen.add(path)
            yield Use(document, path)
        for depth in range(1, len(path)):
            element = path[: depth + 1]
            if not (field and entity == key.id and path[depth] == field) or element in seen:
                continue
            if schemas.node(document.kind, path[:depth]).get("x-ref") == "field":
                seen.add(element)
                yield Use(document, element)


def _mentions(catalog: Catalog, text: str, entity: str, target: str, field: str) -> bool:
    try:
        paths = references(parse(text))
    except LooplineError:
        return False
    for path in paths:
        if len(path) == 1 and entity == target and path[0] == field:
            return True
        if len(path) == 2 and catalog.has("entity", entity):
            if entity == target and path[0] == field:
                return True
            link = catalog.entity(entity).field(path[0])
            if link is not None and link.to == target and path[1] == field:
                return True
    return False
