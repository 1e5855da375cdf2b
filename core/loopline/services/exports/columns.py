"""The columns of an export, under headings that an import matches to the same fields."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.mapping.linked import linked_entities
from loopline.services.mapping.match import match_headings
from loopline.services.mapping.result import HeadingMapping

_ID_HEADINGS: Final = ("ID", "记录 ID", "Record ID", "系统编号", "记录编号")


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A field and the heading over it."""

    field: FieldDef
    heading: str


def export_columns(ctx: Context, entity: str, names: Sequence[str]) -> tuple[ExportColumn, ...]:
    """Answer the columns for the named fields, the id first.

    A heading is the label in the reader's language; where an import would take that for another
    field it is the field's id. Raises BadRequest for a name that is no field.
    """
    definition = ctx.catalog.entity(entity)
    wanted = ["id", *dict.fromkeys(name for name in names if name != "id")]
    fields = [_field(definition, name) for name in wanted]
    labels = [field.label.to(ctx.locale.language) or field.id for field in fields]
    labels[0] = _ID_HEADINGS[0]
    for better in _alternatives(definition, fields):
        misread = set(_misread(ctx, definition, fields, labels))
        if not misread:
            break
        labels = [
            better[index] if index in misread else label for index, label in enumerate(labels)
        ]
    return tuple(ExportColumn(*pair) for pair in zip(fields, labels, strict=True))


def _field(definition: EntityDef, name: str) -> FieldDef:
    field = definition.field(name)
    if field is None:
        raise BadRequest(
            Problem("fields", "field.unknown", {"field": name, "entity": definition.label})
        )
    return field


def _alternatives(definition: EntityDef, fields: Sequence[FieldDef]) -> Iterator[list[str]]:
    """Yield headings to try in turn: ids of fields, then other words for the id of a record."""
    ids = [field.id for field in fields[1:]]
    for word in (_ID_HEADINGS[0], *_ID_HEADINGS[1:]):
        yield [word, *ids]


def _misread(
    ctx: Context, definition: EntityDef, fields: Sequence[FieldDef], labels: Sequence[str]
) -> Iterator[int]:
    """Yield the columns that an import would not take for what they are."""
    if len(set(labels)) < len(labels):
        doubled = {label for label in labels if labels.count(label) > 1}
        yield from (index for index, label in enumerate(labels) if label in doubled)
    linked = linked_entities(ctx.catalog, definition)
    found = match_headings(labels, definition, linked=linked)
    for index, field in enumerate(fields):
        if not _is_read_as(found, index, field):
            yield index


def _is_read_as(found: HeadingMapping, index: int, field: FieldDef) -> bool:
    by = "name" if field.to or field.many else ""
    return any(
        one.index == index and one.field == field.id and (one.by == by or field.read_only)
        for one in found.matched
    )
