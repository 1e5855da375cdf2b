"""Records as the actor sees them: formulas and lookups worked out, what is not theirs veiled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.access.veil import veil
from loopline.expr.reading import references
from loopline.query.visible import visible_ids
from loopline.services.expressions import Linked, followed, linked_records, values_of
from loopline.services.permits import row_of
from loopline.store.rows import Record
from loopline.store.virtual import VirtualField, virtual_field


def shown(ctx: Context, records: Sequence[Record]) -> list[Record]:
    """Answer whole records of one entity as the actor sees them."""
    return veil(ctx, with_virtual(ctx, records))


def with_virtual(ctx: Context, records: Sequence[Record]) -> list[Record]:
    """Answer whole records with the values of the formulas and lookups that the actor may see.

    A link to a record that they may not read leads nowhere, as in lists.
    """
    fields = _fields(ctx, records[0].entity) if records else []
    if not fields:
        return list(records)
    rows = [row_of(record) for record in records]
    read = {path for field in fields for path in references(field.node)}
    linked = _linked(ctx, records[0].entity, followed(read), rows)
    return [
        replace(record, values={**record.values, **_values(ctx, fields, row, linked)})
        for record, row in zip(records, rows, strict=True)
    ]


def _fields(ctx: Context, entity: str) -> list[VirtualField]:
    if not ctx.snapshot.table(entity).virtual or not ctx.catalog.has("entity", entity):
        return []
    names = ctx.catalog.entity(entity).virtual
    found = (virtual_field(ctx.snapshot, entity, name) for name in names)
    return [one for one in found if one is not None]


def _values(
    ctx: Context, fields: Sequence[VirtualField], row: Mapping[str, object], linked: Linked
) -> dict[str, object]:
    values = values_of(row, linked)
    return {field.name: field.value(values, ctx.moment) for field in fields}


def _linked(
    ctx: Context, entity: str, links: frozenset[str], rows: list[Mapping[str, object]]
) -> Linked:
    """Read the records behind links that the actor may read."""
    found = linked_records(ctx, entity, links, rows)
    return {link: _visible(ctx, some) for link, some in found.items()}


def _visible(ctx: Context, records: Mapping[int, Record]) -> Mapping[int, Record]:
    if not records:
        return records
    entity = next(iter(records.values())).entity
    return {record: records[record] for record in visible_ids(ctx, entity, records)}
