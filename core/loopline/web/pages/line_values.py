"""Lines of a record as its form sends them, and as the services take them."""

from collections.abc import Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.lines import lines_of, read_lines
from loopline.store.rows import Record
from loopline.web.pages.numbers import record_number

_NUMBER: Final = "id"
_GONE: Final = "_gone"
_KNOWN: Final = "_known"
_MOST: Final = 500
Texts = Mapping[str, Sequence[str]]
Body = Mapping[str, object]


def line_fields(ctx: Context, definition: FieldDef) -> tuple[EntityDef, tuple[FieldDef, ...]]:
    """Answer the entity of the lines of a field, and the fields that a form asks of each.

    Lines have no rights of their own, so they are not looked up as the actor sees the catalog.
    """
    catalog = ctx.snapshot.catalog
    child = catalog.entity(definition.many)
    names = catalog.form(child.id, "new").fields
    found = (child.fields[name] for name in names if name in child.fields)
    return child, tuple(
        one
        for one in found
        if one.id != child.parent_link
        and one.type != definition.type
        and not (one.read_only or one.retired)
    )


def sent_lines(name: str, texts: Texts) -> list[tuple[str, dict[str, list[str]]]] | None:
    """Answer what was sent for each line, by its place on the page; None where nothing was.

    A line whose tick to remove it was set is left out.
    """
    if f"{name}.{_KNOWN}" not in texts:
        return None
    by_place: dict[int, dict[str, list[str]]] = {}
    for control, values in texts.items():
        head, _, rest = control.removeprefix(f"{name}.").partition(".")
        place = record_number(head)
        if control.startswith(f"{name}.") and rest and place is not None and len(head) < 5:
            by_place.setdefault(place, {})[rest] = list(values)
    kept = [(str(n), by_place[n]) for n in sorted(by_place) if not by_place[n].get(_GONE)]
    return kept[:_MOST]


def line_id(texts: Texts) -> int | None:
    """Answer the number of the line that was sent, None for a new one."""
    return record_number((texts.get(_NUMBER) or [""])[-1]) or None


def known_ids(name: str, texts: Texts) -> tuple[int, ...]:
    """Answer the lines that stood on the page when editing began."""
    parts = ",".join(texts.get(f"{name}.{_KNOWN}", ())).split(",")
    return tuple(number for part in parts if (number := record_number(part)))


def is_blank(fields: Sequence[FieldDef], values: Mapping[str, object]) -> bool:
    """Whether nothing was entered into a new line: blanks, switches off and defaults alone."""
    defaults = {one.id: one.default for one in fields}
    return all(
        value is None or value is False or value == defaults.get(name)
        for name, value in values.items()
    )


def line_body(
    ctx: Context, fields: Sequence[FieldDef], line: int | None, values: Mapping[str, object]
) -> Body:
    """Answer a line in JSON form, as the services take it."""
    body: dict[str, object] = {} if line is None else {_NUMBER: line}
    for one in fields:
        if one.id in values:
            value = values[one.id]
            kind = ctx.snapshot.types[one.type]
            body[one.id] = None if value is None else kind.to_json(one, value)
    return body


def body_values(ctx: Context, fields: Sequence[FieldDef], body: Body) -> dict[str, object]:
    """Answer the values of a line from its JSON form."""
    return {
        one.id: ctx.snapshot.types[one.type].from_json(one, body[one.id])
        for one in fields
        if body.get(one.id) is not None
    }


def with_lines(ctx: Context, entity: EntityDef, record: Record) -> dict[str, object]:
    """Answer the values of a record with its lines, each in JSON form."""
    values = dict(record.values)
    named = [one for one in lines_of(entity) if one.id in entity.fields]
    held = read_lines(ctx, entity, [record.id], [one.id for one in named])
    for one in named:
        _, fields = line_fields(ctx, one)
        lines = held[one.id].get(record.id, ())
        values[one.id] = [line_body(ctx, fields, line.id, line.values) for line in lines]
    return values


def keep_others(bodies: Sequence[Body], known: Sequence[int], held: Sequence[Body]) -> list[Body]:
    """Answer lines with those that another added meanwhile, which this form never showed."""
    named = {body.get(_NUMBER) for body in bodies} | set(known)
    added = [{_NUMBER: one[_NUMBER]} for one in held if one[_NUMBER] not in named]
    return [*bodies, *added]
