"""The entities that links point to, for headings that name by what their records are found."""

from collections.abc import Mapping

from loopline.meta.catalog import Catalog
from loopline.meta.entities import EntityDef


def linked_entities(catalog: Catalog, entity: EntityDef) -> Mapping[str, EntityDef]:
    """Answer, by id, the entities of a catalog that links of an entity, of one or several, name."""
    names = {field.to or field.many for field in entity.fields.values()} - {""}
    return {name: catalog.entity(name) for name in sorted(names) if catalog.has("entity", name)}
