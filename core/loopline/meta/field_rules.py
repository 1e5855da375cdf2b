"""What the fields of an entity must keep towards other entities: lines, links, what is computed."""

from collections.abc import Iterator

from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.document import Path
from loopline.meta.entities import EntityDef
from loopline.meta.rollup_checks import rollup_problems
from loopline.meta.virtual_checks import virtual_problems

Found = tuple[Path, str, dict[str, object]]
"""Where in the entity's document, a code, and what its message needs."""


def field_problems(entity: EntityDef, catalog: Catalog, types: FieldTypes) -> Iterator[Found]:
    """Yield what keeps the fields of an entity from working with the entities they name."""
    if entity.parent and not entity.parent_link:
        yield ("parent",), "metadata.no_parent_link", {"parent": entity.parent}
    for field in entity.fields.values():
        if field.type == "lines" and catalog.has("entity", field.many):
            yield from _lines(entity, field, catalog.entity(field.many))
        elif field.computed is not None:
            yield from rollup_problems(field, catalog, types)
        elif field.virtual is not None:
            yield from virtual_problems(entity, field, catalog, types)
        elif field.type == "links" and field.on_delete == "cascade":
            params: dict[str, object] = {"value": "cascade", "allowed": "restrict, clear"}
            yield ("fields", field.id, "on_delete"), "metadata.not_allowed", params


def _lines(entity: EntityDef, field: FieldDef, child: EntityDef) -> Iterator[Found]:
    if child.parent != entity.id:
        params: dict[str, object] = {"child": child.id, "parent": entity.id}
        yield ("fields", field.id, "to"), "metadata.not_its_lines", params
