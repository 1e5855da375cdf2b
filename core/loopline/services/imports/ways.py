"""What people call that by which the record of a link is found."""

from loopline.fields.definition import FieldDef
from loopline.language import Label, readable
from loopline.meta.catalog import Catalog
from loopline.services.imports.lookups import BY_NAME


def way_label(catalog: Catalog, target: str, by: str) -> Label:
    """Answer the label of the field of ``target`` that ``by`` names, as a mapping file does."""
    if not catalog.has("entity", target):
        return readable(by)
    entity = catalog.entity(target)
    name = entity.title_field if by == BY_NAME and by not in entity.fields else by
    return field_label(entity.fields.get(name), name)


def field_label(field: FieldDef | None, name: str) -> Label:
    """Answer what people call a field, its name in readable form where it has no label."""
    return field.label if field and field.label else readable(name)
