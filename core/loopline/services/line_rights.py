"""What somebody may read of lines: they have no rights of their own but those of their record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.store.rows import Record

_OPEN = frozenset({"read", "write"})


def withheld(ctx: Context, field: FieldDef) -> frozenset[str]:
    """Answer the fields of the lines in a field whose group is kept from the actor."""
    catalog = ctx.snapshot.catalog
    of, line = catalog.entity(field.entity), catalog.entity(field.many)
    levels = {one.id: ctx.rights.line_level(of, one.group) for one in line.fields.values()}
    return frozenset(name for name, level in levels.items() if level not in _OPEN)


def seen_lines(
    ctx: Context, field: FieldDef, held: Mapping[int, Sequence[Record]]
) -> Mapping[int, Sequence[Record]]:
    """Answer the lines in a field, by record, without what is kept from the actor."""
    hidden = withheld(ctx, field)
    if not hidden:
        return held

    def seen(line: Record) -> Record:
        values = {name: value for name, value in line.values.items() if name not in hidden}
        return replace(line, values=values)

    return {record: [seen(line) for line in lines] for record, lines in held.items()}
