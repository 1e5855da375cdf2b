"""Permits: whether the actor may do something to given records, as they are and as they will be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

import loopline.store.rows as store
from loopline.access.context import Context
from loopline.errors import Forbidden, NotFound, Problem
from loopline.meta.entities import OWNER_FIELDS, EntityDef
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Values = Mapping[str, object]
NOT_THERE: Final = "record.not_found"


def permitted(ctx: Context, entity: str, action: str, records: Sequence[Record]) -> list[bool]:
    """Answer for each record whether the actor may do the action to it as it stands."""
    return within(
        ctx, entity, ctx.rights.scope(ctx.snapshot.catalog.entity(entity), action), records
    )


def within(ctx: Context, entity: str, scope: str | None, records: Sequence[Record]) -> list[bool]:
    """Answer for each record whether it lies within a scope; blank text is all, None is none."""
    if not scope:
        return [scope is not None] * len(records)
    holds, links = predicate(ctx.snapshot, entity, scope)
    rows = [row_of(record) for record in records]
    linked = linked_records(ctx, entity, links, rows)
    return [holds(values_of(row, linked), ctx.moment) for row in rows]


def may(ctx: Context, record: Record, action: str) -> bool:
    """Whether the actor may do an action to a record, read through the veil or not."""
    if ctx.rights.scope(ctx.snapshot.catalog.entity(record.entity), action) == "":
        return True
    return permitted(ctx, record.entity, action, [as_stored(ctx, record)])[0]


def as_stored(ctx: Context, record: Record) -> Record:
    """Answer the whole record behind one that was read through the veil."""
    found = store.fetch(ctx.connection, ctx.snapshot.table(record.entity), [record.id])
    return found.get(record.id, record)


def require_entity(ctx: Context, one: RecordTable, action: str) -> None:
    """Raise Forbidden where the actor may not do this to any record, or the entity never allows it.

    An entity whose records may not even be read does not exist for the actor: NotFound.
    """
    if not ctx.rights.allows(one.entity, action):
        if not ctx.rights.allows(one.entity, "read"):
            raise NotFound(code="entity.not_found", entity=one.entity.id)
        raise Forbidden(code="auth.forbidden", action=action, entity=one.entity.label)
    if one.entity.traits.append_only and action not in {"create", "read", "export", "reveal"}:
        raise Forbidden(code="record.append_only", entity=one.entity.label)


def readable(ctx: Context, one: RecordTable, record_id: int, *, deleted: bool = False) -> Record:
    """Answer a whole record that the actor may read. Raises NotFound."""
    found = store.fetch(ctx.connection, one, [record_id]).get(record_id)
    hidden = found is None or (found.deleted_at is not None and not deleted)
    if found is None or hidden or not permitted(ctx, one.entity.id, "read", [found])[0]:
        raise NotFound(code=NOT_THERE, entity=one.entity.label, id=record_id)
    return found


def refused(
    ctx: Context, one: RecordTable, action: str, records: Sequence[Record]
) -> list[tuple[Problem, ...]]:
    """Answer for each record why the actor may not do the action to it; empty where they may.

    One that may not be read is not found, whatever else is granted; one that may is refused by
    name.
    """
    name = one.entity.id
    allowed = permitted(ctx, name, action, records)
    same = ctx.rights.scope(one.entity, "read") == ctx.rights.scope(one.entity, action)
    seen = allowed if same else permitted(ctx, name, "read", records)
    return [
        () if may and sees else (_refusal(one.entity, action, record, seen=sees),)
        for may, sees, record in zip(allowed, seen, records, strict=True)
    ]


def require(ctx: Context, one: RecordTable, action: str, record: Record) -> None:
    """Raise NotFound or Forbidden where the actor may not do the action to the record."""
    for problem in refused(ctx, one, action, [record])[0]:
        kind = NotFound if problem.code == NOT_THERE else Forbidden
        raise kind(code=problem.code, **problem.params)


def require_each(ctx: Context, one: RecordTable, action: str, ids: Collection[int]) -> None:
    """Raise Forbidden where the actor may not do the action to each of some records.

    They are what an act on another record takes along, so that it is refused whether or not the
    actor may read them.
    """
    if not ids or ctx.rights.scope(one.entity, action) == "":
        return
    found = store.fetch(ctx.connection, one, sorted(ids))
    if not all(permitted(ctx, one.entity.id, action, list(found.values()))):
        raise Forbidden(code="auth.forbidden", action=action, entity=one.entity.label)


def refused_states(
    ctx: Context, one: RecordTable, action: str, moves: Sequence[tuple[Record | None, Record]]
) -> list[tuple[Problem, ...]]:
    """Answer for each (old, new) state of a record why the actor may not bring it about.

    Whoever may ``assign`` the old one may hand it over to where they do not reach.
    """
    allowed = permitted(ctx, one.entity.id, action, [new for _, new in moves])
    wrong: list[tuple[Problem, ...]] = [()] * len(moves)
    for index, (old, new) in enumerate(moves):
        if allowed[index] or (old is not None and _handed_over(ctx, old, new)):
            continue
        params = {"action": action, "entity": one.entity.label}
        wrong[index] = (Problem("fields.owner", "auth.out_of_scope", params),)
    return wrong


def _handed_over(ctx: Context, old: Record, new: Record) -> bool:
    moved = {name for name, value in new.values.items() if old.values.get(name) != value}
    if not moved & OWNER_FIELDS.keys():
        return False
    stays = replace(
        new, values={**new.values, **{n: old.values[n] for n in moved & OWNER_FIELDS.keys()}}
    )
    return (
        permitted(ctx, old.entity, "assign", [old])[0]
        and permitted(ctx, old.entity, "update", [stays])[0]
    )


def forbidden_fields(
    ctx: Context, one: RecordTable, given: Values, record: Record | None = None
) -> list[Problem]:
    """Answer the fields of a body that the actor may not write; unreadable ones are unknown.

    What only repeats a readable value of the ``record`` is no wish to write it.
    """
    found: list[Problem] = []
    if ctx.rights.unrestricted and not ctx.snapshot.catalog.release.disabled:
        return found
    for name, value in given.items():
        level = ctx.rights.level(one.entity, name) if name in one.fields else "write"
        same = record is not None and record.values.get(name) == value
        if level == "write" or (level == "read" and same):
            continue
        code = "field.unknown" if level == "none" else "field.forbidden"
        label = "" if level == "none" else one.fields[name].definition.label
        params = {"field": name, "entity": one.entity.label, "label": label}
        found.append(Problem(f"fields.{name}", code, params))
    return found


def _refusal(entity: EntityDef, action: str, record: Record, *, seen: bool) -> Problem:
    if not seen:
        return Problem("id", NOT_THERE, {"entity": entity.label, "id": record.id})
    return Problem(
        "id", "auth.record_forbidden", {"action": action, "entity": entity.label, "id": record.id}
    )


def row_of(record: Record) -> Values:
    """Answer a record's values, those that every record has included, for expressions."""
    system = {name: getattr(record, attribute) for name, attribute in store.SYSTEM_COLUMNS.items()}
    return {**system, **record.values}
