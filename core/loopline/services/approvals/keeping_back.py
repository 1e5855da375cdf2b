"""Keeping back: values that a record may only hold while an approved request covers it.

Asked before every write, through whatever door, over the record as it will be; lines are asked
about once they are written, over the record they then make.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.meta.approval_effects import BeforeDef, expression_of
from loopline.meta.approvals import ApprovalDef
from loopline.services.approvals.case import holds
from loopline.services.approvals.lock import is_covered
from loopline.services.approvals.outcomes import constant
from loopline.store.approvals import Request
from loopline.store.rows import Record, as_stored, fetch
from loopline.store.tables import RecordTable

State = tuple[Record | None, Mapping[str, object]]
"""A record as it was (None before it is made), and all its values as they will be."""
_SEED: Final = "seed"
"""The door of histories that a pack brings along: they were decided long ago."""


def kept_back(ctx: Context, one: RecordTable, states: Sequence[State]) -> list[list[Problem]]:
    """Answer, for each state, what of it has to be approved first."""
    found: list[list[Problem]] = [[] for _ in states]
    if ctx.via == _SEED:
        return found
    for definition, before in keeping(ctx, one.entity.id):
        values = _values(one, before)
        at = [i for i, (_, row) in enumerate(states) if row.get(before.field) in values]
        moves = {i: (states[i][0], _will_be(ctx, one, *states[i])) for i in at}
        ids = [old.id for old, _ in moves.values() if old is not None]
        live = _live(ctx, definition, ids)
        for i, (old, new) in moves.items():
            request = live.get(new.id)
            if not holds(ctx, new, definition.when) or _covers(ctx, definition, request, new):
                continue
            found[i] += _refusals(ctx, definition, before, (old, new), request)
    return found


def refuse_uncovered(ctx: Context, entity: str, ids: Collection[int]) -> None:
    """Raise NotValid where records whose lines were written hold what they are not approved for."""
    defined = list(keeping(ctx, entity))
    if not defined or ctx.via == _SEED or not ids:
        return
    one = ctx.snapshot.table(entity)
    records = fetch(ctx.connection, one, sorted(ids), lock=True)
    for definition, before in defined:
        values, live = _values(one, before), _live(ctx, definition, ids)
        for record in records.values():
            request = live.get(record.id)
            if record.deleted_at is not None or record.value(before.field) not in values:
                continue
            if _goes_back(definition, before, request) or _covers(ctx, definition, request, record):
                continue
            if holds(ctx, record, definition.when):
                raise NotValid(_kept_as_approved(ctx, definition, before, record, before.field))


def keeping(ctx: Context, entity: str) -> Iterable[tuple[ApprovalDef, BeforeDef]]:
    """Yield the approvals of an entity that keep something back, with what."""
    one = ctx.snapshot.catalog.approvals.get(entity, ())
    yield from ((each, each.before) for each in one if each.before is not None)


def _covers(ctx: Context, definition: ApprovalDef, request: Request | None, record: Record) -> bool:
    """Whether a record was approved, for just what it holds of the locked fields."""
    if request is None or request.state != "approved":
        return False
    return is_covered(ctx, definition, request, record)


def _values(one: RecordTable, before: BeforeDef) -> frozenset[object]:
    stored = one.fields.get(before.field)
    return frozenset() if stored is None else frozenset(constant(stored, v) for v in before.to)


def _live(ctx: Context, definition: ApprovalDef, ids: Collection[int]) -> dict[int, Request]:
    """Answer the live requests by record, locked: whoever voids one at this moment is awaited."""
    if not ids:
        return {}
    found = store.live_requests(ctx.connection, definition.entity, ids, lock=True)
    return {one.record: one for one in found if one.document == definition.id}


def _will_be(
    ctx: Context, one: RecordTable, old: Record | None, row: Mapping[str, object]
) -> Record:
    known = old or Record(
        entity=one.entity.id,
        id=0,
        version=0,
        created_at=ctx.now,
        created_by=ctx.actor.id,
        updated_at=ctx.now,
        updated_by=ctx.actor.id,
    )
    return as_stored(one, replace(known, values=dict(row)))


def _refusals(
    ctx: Context,
    definition: ApprovalDef,
    before: BeforeDef,
    move: tuple[Record | None, Record],
    request: Request | None,
) -> Iterable[Problem]:
    """Yield why a write is refused; one that touches nothing of it leaves a record as it was."""
    old, new = move
    if old is None or old.value(before.field) != new.value(before.field):
        pending = request is not None and request.state == "pending"
        code = "approval.before_pending" if pending else "approval.before"
        yield Problem(f"fields.{before.field}", code, _told(ctx, definition, before, new))
        return
    moved = [name for name in definition.locks if old.value(name) != new.value(name)]
    if moved and _goes_back(definition, before, request):
        return
    if moved or not holds(ctx, old, definition.when):
        changed = (name for name, value in new.values.items() if old.value(name) != value)
        name = next(iter(moved), None) or next(changed, before.field)
        yield _kept_as_approved(ctx, definition, before, new, name)


def _goes_back(definition: ApprovalDef, before: BeforeDef, request: Request | None) -> bool:
    """Whether voiding a request takes the value back by itself."""
    sets = definition.sets.get("voided", {})
    if request is None or before.field not in sets:
        return False
    return bool(expression_of(sets[before.field])) or sets[before.field] not in before.to


def _kept_as_approved(
    ctx: Context, definition: ApprovalDef, before: BeforeDef, record: Record, name: str
) -> Problem:
    params = _told(ctx, definition, before, record)
    return Problem(f"fields.{name}", "approval.before_change", params)


def _told(
    ctx: Context, definition: ApprovalDef, before: BeforeDef, record: Record
) -> dict[str, object]:
    field = ctx.snapshot.catalog.entity(definition.entity).fields[before.field]
    value = record.value(before.field)
    option = field.options.get(str(value))
    named = option.label if option else str(value)
    return {"label": field.label, "value": named, "approval": definition.label}
