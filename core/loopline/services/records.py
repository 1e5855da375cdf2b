"""Records: the one door to data.

Each write reads as six steps: access, prepare, check, write, audit, index.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from loopline.access.context import Context
from loopline.access.rights import may_write
from loopline.errors import Forbidden, NotFound, NotValid, Problem
from loopline.services import searching
from loopline.services.audit import difference, record_changes
from loopline.services.checks import (
    check_links,
    check_rules,
    checks_of,
    unknown_fields,
)
from loopline.services.numbering import give_codes
from loopline.services.uniqueness import check_unique
from loopline.store import rows as store
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Outcome = int | tuple[Problem, ...]
Values = Mapping[str, object]
_IMPORTABLE: Final = frozenset({"created_at"})
"""What a file or a seed may say about the past; people may not."""
_HISTORIC_DOORS: Final = frozenset({"import", "seed", "cli"})


def get(ctx: Context, entity: str, record_id: int, *, deleted: bool = False) -> Record:
    """Answer a record. Raises NotFound, also for one in the recycle bin unless ``deleted``."""
    one = ctx.snapshot.table(entity)
    found = store.fetch(ctx.connection, one, [record_id]).get(record_id)
    if found is None or (found.deleted_at is not None and not deleted):
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    return found


def create(ctx: Context, entity: str, values: Values) -> Record:
    """Create one record. Raises NotValid naming every field that is wrong."""
    outcome = create_many(ctx, entity, [values])[0]
    if isinstance(outcome, tuple):
        raise NotValid(*outcome)
    return get(ctx, entity, outcome)


def create_many(ctx: Context, entity: str, rows: Sequence[Values]) -> list[Outcome]:
    """Create records set-wise; answer for each its id, or what keeps it from being one."""
    one = ctx.snapshot.table(entity)
    require_write(ctx, one, "create")
    prepared = [_prepare(ctx, one, row) for row in rows]
    outcomes = _check_new(ctx, one, rows, prepared)
    good = [index for index, problems in enumerate(outcomes) if not problems]
    give_codes(ctx, one, [prepared[index] for index in good])
    ids = store.allocate_ids(ctx.connection, one, len(good)) if good else ()
    records = [
        _new_record(ctx, one, record_id, prepared[index], rows[index])
        for record_id, index in zip(ids, good, strict=True)
    ]
    if records:
        store.insert(ctx.connection, one, [store.dump_new(one, record) for record in records])
        record_changes(ctx, "create", [(r, difference(one, {}, r.values)) for r in records])
        searching.index(ctx, one, records, new=True)
    results: list[Outcome] = [tuple(problems) for problems in outcomes]
    for record, index in zip(records, good, strict=True):
        results[index] = record.id
    return results


def refuse_unread(ctx: Context, entity: str, values: Values, unread: Sequence[Problem]) -> None:
    """Raise NotValid when some of a new record could not be read, naming what else is wrong.

    A person mends everything at once, instead of being sent back for each layer of checks.
    """
    if not unread:
        return
    one = ctx.snapshot.table(entity)
    named = {problem.path for problem in unread}
    further = _check_new(ctx, one, [values], [_prepare(ctx, one, values)])[0]
    raise NotValid(*unread, *(problem for problem in further if problem.path not in named))


def require_write(ctx: Context, one: RecordTable, action: str) -> None:
    """Raise Forbidden where the actor or the entity does not allow the action."""
    if not may_write(ctx.actor, one.entity):
        raise Forbidden(code="auth.forbidden", action=action, entity=one.entity.label)
    if one.entity.traits.append_only and action != "create":
        raise Forbidden(code="record.append_only", entity=one.entity.label)


def _prepare(ctx: Context, one: RecordTable, row: Values) -> dict[str, object]:
    """Answer the row with every field of the entity: defaults, owner and blanks filled in."""
    prepared: dict[str, object] = {}
    for name, stored in one.fields.items():
        value = row.get(name)
        if name not in row and stored.definition.default is not None:
            value = stored.type.from_json(stored.definition, _default(stored.definition.default))
        prepared[name] = value
    if one.entity.traits.owned and "owner" not in row and ctx.via not in _HISTORIC_DOORS:
        prepared["owner"] = ctx.actor.id
    return prepared


def _default(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _check_new(
    ctx: Context, one: RecordTable, given: Sequence[Values], prepared: Sequence[Values]
) -> list[list[Problem]]:
    checks = checks_of(ctx.snapshot, one.entity.id)
    allowed = _IMPORTABLE if ctx.via in _HISTORIC_DOORS else frozenset[str]()
    found = [
        [*unknown_fields(one.entity, row, allowed), *checks.of_create(full)]
        for row, full in zip(given, prepared, strict=True)
    ]
    for more in (
        check_links(ctx, one, prepared),
        check_unique(ctx, one, prepared, [None] * len(prepared)),
        check_rules(ctx, one.entity.id, prepared),
    ):
        for problems, added in zip(found, more, strict=True):
            problems += added
    return found


def _new_record(
    ctx: Context, one: RecordTable, record_id: int, values: dict[str, object], given: Values
) -> Record:
    created = given.get("created_at")
    at = created if isinstance(created, datetime) else ctx.now
    return Record(
        entity=one.entity.id,
        id=record_id,
        version=1,
        created_at=at,
        created_by=ctx.actor.id,
        updated_at=at,
        updated_by=ctx.actor.id,
        values=values,
    )


def successor(ctx: Context, record: Record, changes: Values) -> Record:
    """Answer the record as it will be after changes by the actor."""
    return replace(
        record,
        version=record.version + 1,
        updated_at=ctx.now,
        updated_by=ctx.actor.id,
        values={**record.values, **changes},
    )
