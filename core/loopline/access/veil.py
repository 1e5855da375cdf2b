"""The veil: what of a record leaves the services for a viewer."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.fields.masking import Masked, mask
from loopline.meta.entities import EntityDef
from loopline.store.rows import Record


def veil(ctx: Context, records: Sequence[Record]) -> list[Record]:
    """Answer records as the actor sees them: unreadable values left out, masked ones masked."""
    if not records or ctx.rights.unrestricted:
        return list(records)
    whole = ctx.snapshot.table(records[0].entity)
    if not ctx.catalog.has("entity", records[0].entity):
        return [replace(one, values={}) for one in records]
    seen = ctx.catalog.entity(records[0].entity)
    masked = [name for name, field in seen.fields.items() if field.masked]
    if not masked and whole.shown.keys() <= seen.fields.keys():
        return list(records)
    return [replace(one, values=_veiled(ctx, seen, one, masked)) for one in records]


def _veiled(
    ctx: Context, seen: EntityDef, record: Record, masked: Sequence[str]
) -> Mapping[str, object]:
    values = {name: value for name, value in record.values.items() if name in seen.fields}
    for name in masked:
        value = values.get(name)
        if value is not None and not isinstance(value, Masked):
            field = seen.fields[name]
            text = ctx.snapshot.types[field.type].format(field, value, ctx.locale)
            values[name] = mask(field, text)
    return values
