"""What a conversion would make or find for a record, before anything is written."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import loopline.store.rows as store
from loopline.access.context import Context
from loopline.errors import LooplineError, NotValid, Problem
from loopline.meta.conversions import ConversionDef, TargetDef
from loopline.meta.entities import EntityDef
from loopline.services.conversion_values import Made, give
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.services.permits import readable
from loopline.services.values import read_bodies
from loopline.store.keys import records_by_key
from loopline.store.rows import SYSTEM_COLUMNS, Record

Overrides = Mapping[str, object]
"""Fields given for a target; ``id`` among them names the record to use, null asks for a new one."""
CHOSEN: Final = "id"


@dataclass(frozen=True, kw_only=True, slots=True)
class Intended:
    """One target as it would be: the record found, if any, and the values for it.

    ``values`` are what the document gives and what was given in its place; ``typed`` names the
    latter. ``candidates`` are the living records found by the field ``by``.
    """

    target: TargetDef
    entity: EntityDef
    values: Mapping[str, object]
    typed: frozenset[str]
    candidates: tuple[int, ...]
    by: str
    record: Record | None
    problems: tuple[Problem, ...]


def find_conversion(ctx: Context, source: Record, name: str = "") -> ConversionDef:
    """Answer a conversion of a record: the named one, or the first that can be.

    Raises NotFound for one that there is not, NotValid where none can be done to the record.
    """
    known = ctx.snapshot.catalog.conversions.get(source.entity, ())
    if name and name not in {one.id for one in known}:
        raise ctx.snapshot.catalog.missing("conversion", name)
    named = [one for one in known if name in {"", one.id}]
    fitting = next((one for one in named if holds(ctx, source, one.when)), None)
    if fitting is None:
        label = ctx.snapshot.catalog.entity(source.entity).label
        raise NotValid(Problem("id", "conversion.not_now", {"entity": label}))
    return fitting


def holds(ctx: Context, source: Record, text: str) -> bool:
    """Whether a condition of a conversion holds for its source; a blank one does."""
    if not text:
        return True
    test, links = predicate(ctx.snapshot, source.entity, text)
    row = {name: getattr(source, attribute) for name, attribute in SYSTEM_COLUMNS.items()}
    row |= source.values
    return test(values_of(row, linked_records(ctx, source.entity, links, [row])), ctx.moment)


def is_wanted(ctx: Context, target: TargetDef, source: Record, given: object) -> bool:
    """Whether a target is made: by its condition, or as somebody says where it is optional."""
    if target.optional and given is not None:
        return given is not False
    return holds(ctx, source, target.when)


def intend(
    ctx: Context,
    conversion: ConversionDef,
    target: TargetDef,
    source: Record,
    made: Made,
    given: object = None,
) -> Intended:
    """Answer what a target would be, with what is wrong with it at paths of its own record."""
    entity, one = ctx.snapshot.catalog.entity(target.entity), ctx.snapshot.table(target.entity)
    overrides = given if isinstance(given, Mapping) else {}
    body = {name: raw for name, raw in overrides.items() if name != CHOSEN}
    typed, unread = read_bodies(ctx, target.entity, [body])[0]
    said = give(ctx, conversion, target.id, source, made)
    values = {**said.values, **typed}
    problems = [
        *(p for p in said.problems if p.path.removeprefix("fields.") not in body),
        *unread,
        *_forbidden(ctx, target, entity, said.values, typed),
    ]
    by, candidates = _candidates(ctx, target, values)
    record = None
    try:
        number = _chosen(ctx, target, candidates, overrides)
        if number is not None and number in candidates:
            record = store.fetch(ctx.connection, one, [number])[number]
        elif number is not None:
            record = readable(ctx, one, number)
    except LooplineError as error:
        problems += error.reasons(CHOSEN)
    return Intended(
        target=target,
        entity=entity,
        values=values,
        typed=frozenset(typed),
        candidates=candidates,
        by=by,
        record=record,
        problems=tuple(problems),
    )


def _candidates(
    ctx: Context, target: TargetDef, values: Mapping[str, object]
) -> tuple[str, tuple[int, ...]]:
    """Answer the first field by which living records are found, and these."""
    one = ctx.snapshot.table(target.entity)
    for name in target.match:
        stored = one.fields.get(name)
        key = None if stored is None else stored.match(values.get(name))
        if stored is None or key is None:
            continue
        found = tuple(i for _, i in records_by_key(ctx.connection, one, stored, {key}))
        if found:
            return name, found
    return "", ()


def _chosen(
    ctx: Context, target: TargetDef, candidates: tuple[int, ...], overrides: Overrides
) -> int | None:
    """Answer the record to use, None for a new one. Raises NotValid where somebody must say."""
    if CHOSEN in overrides:
        number = overrides[CHOSEN]
        if number is None or (isinstance(number, int) and not isinstance(number, bool)):
            return number
        raise NotValid(Problem(CHOSEN, "link.invalid", {"text": str(number)[:40]}))
    if len(candidates) > 1:
        params = {
            "count": len(candidates),
            "entity": ctx.snapshot.catalog.entity(target.entity).label,
            "ids": ", ".join(f"#{one}" for one in candidates[:5]),
        }
        raise NotValid(Problem(CHOSEN, "conversion.several", params))
    return candidates[0] if candidates else None


def _forbidden(
    ctx: Context,
    target: TargetDef,
    entity: EntityDef,
    said: Mapping[str, object],
    typed: Mapping[str, object],
) -> Iterator[Problem]:
    """Yield the fields that the actor gave and may not: none of the document's, nor their own."""
    allowed = ctx.rights.allows(entity, "create")
    for name in typed:
        field = entity.fields.get(name)
        if field is None or name in target.set or name in said:
            continue  # what is no field is told when it is written
        if not allowed or ctx.rights.level(entity, name) != "write":
            params = {"field": name, "entity": entity.label, "label": field.label}
            yield Problem(f"fields.{name}", "field.forbidden", params)
