"""What a lookup's definition means: the type, options and decimals of the field it looks up."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef

MOST_STEPS: Final = 4
"""Lookups that may look up one another."""
Complete = Callable[[FieldDef, EntityDef, int], FieldDef]


def looked_up(
    field: FieldDef, plain: EntityDef, entities: Mapping[str, EntityDef], complete: Complete,
    steps: int,
) -> FieldDef:  # fmt: skip
    """Answer a lookup as its target field is shown; as it is where that is not there.

    ``complete`` completes the target in its turn, which may be a lookup too.
    """
    target = _target(field, plain, entities)
    if target is None or steps >= MOST_STEPS:
        return field
    done = complete(*target, steps + 1)
    if done.type == "lookup":
        return field
    return replace(
        field,
        type=done.type,
        label=field.label or done.label,
        unit=field.unit or done.unit,
        mask=field.mask or done.mask,
        scale=done.scale,
        max_length=done.max_length,
        options=done.options,
        to=done.to,
        many=done.many,
        region=done.region,
        level=done.level,
    )


def reached(plain: EntityDef, entity: Callable[[str], EntityDef | None]) -> Iterator[EntityDef]:
    """Yield the entities that decide what lookups and roll-ups of an entity mean, some twice."""
    waiting = [(one, plain, 0) for one in plain.fields.values()]
    while waiting:
        field, at, steps = waiting.pop()
        name = field.computed.of if field.computed is not None else _leads_to(field, at)
        found = entity(name) if name else None
        if found is None:
            continue
        yield found
        further = _further(field, found)
        if further is not None and steps < MOST_STEPS:
            waiting.append((further, found, steps + 1))


def _target(
    field: FieldDef, plain: EntityDef, entities: Mapping[str, EntityDef]
) -> tuple[FieldDef, EntityDef] | None:
    found = entities.get(_leads_to(field, plain))
    target = _further(field, found) if found is not None else None
    return None if found is None or target is None else (target, found)


def _leads_to(field: FieldDef, plain: EntityDef) -> str:
    """Answer the entity that a lookup looks into, empty for other fields and where it is lost."""
    if field.virtual is None or not field.virtual.lookup:
        return ""
    link = plain.field(field.virtual.formula.partition(".")[0])
    return link.to if link is not None else ""


def _further(field: FieldDef, found: EntityDef) -> FieldDef | None:
    if field.virtual is None or not field.virtual.lookup:
        return None
    return found.field(field.virtual.formula.partition(".")[2])
