"""Records: the one door to data.

Each write reads as six steps: access, prepare, check, write, audit, index.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.hooks.calls import Guarded
from loopline.services import permits, searching
from loopline.services.approvals.keeping_back import kept_back
from loopline.services.audit import beginning
from loopline.services.checks import (
    check_links,
    check_rules,
    checks_of,
    unknown_fields,
)
from loopline.services.consequences import conclude
from loopline.services.duplicates.keeping import check_blocked, keep
from loopline.services.guarding import guard, write_additions
from loopline.services.historic import HISTORIC_DOORS
from loopline.services.numbering import give_codes
from loopline.services.ownership import file_again, file_new
from loopline.services.permits import (
    forbidden_fields,
    refused_states,
    require_entity,
)
from loopline.services.pipelines.entering import all_problems, enter
from loopline.services.shown import shown
from loopline.services.uniqueness import check_unique
from loopline.store import rows as store
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Outcome = int | tuple[Problem, ...]
Values = Mapping[str, object]
_IMPORTABLE: Final = frozenset({"created_at"})
"""What a file or a seed may say about the past; people may not."""


def get(ctx: Context, entity: str, record_id: int, *, deleted: bool = False) -> Record:
    """Answer a record as the actor sees it.

    Raises NotFound where they may not read it, and for one in the recycle bin unless ``deleted``.
    """
    found = permits.readable(ctx, ctx.snapshot.table(entity), record_id, deleted=deleted)
    return shown(ctx, [found])[0]


def readable(ctx: Context, entity: str, ids: Collection[int]) -> dict[int, Record]:
    """Answer those of some records that the actor may read, as they see them, by id."""
    if not ids or not ctx.catalog.has("entity", entity):
        return {}
    found = store.fetch(ctx.connection, ctx.snapshot.table(entity), sorted(ids))
    allowed = permits.permitted(ctx, entity, "read", list(found.values()))
    seen = [one for one, may in zip(found.values(), allowed, strict=True) if may]
    return {one.id: one for one in shown(ctx, seen)}


def create(ctx: Context, entity: str, values: Values) -> Record:
    """Create one record. Raises NotValid naming every field that is wrong."""
    one = ctx.snapshot.table(entity)
    outcome = _create(ctx, one, [values])[0]
    if isinstance(outcome, tuple):
        raise NotValid(*outcome)
    return shown(ctx, [store.as_stored(one, outcome)])[0]


def create_many(ctx: Context, entity: str, rows: Sequence[Values]) -> list[Outcome]:
    """Create records set-wise; answer for each its id, or what keeps it from being one."""
    created = _create(ctx, ctx.snapshot.table(entity), rows)
    return [one if isinstance(one, tuple) else one.id for one in created]


def _create(
    ctx: Context, one: RecordTable, rows: Sequence[Values]
) -> list[Record | tuple[Problem, ...]]:
    require_entity(ctx, one, "create")
    prepared = _prepare(ctx, one, rows)
    file_new(ctx, one, prepared)
    guarded = guard(ctx, one, "create", [(None, values) for values in prepared], rows)
    _take_in(ctx, one, rows, prepared, guarded)
    said = [{*row, *guarded.values.get(at, ())} for at, row in enumerate(rows)]
    born = [(None, _born(*pair)) for pair in zip(prepared, rows, strict=True)]
    entered = enter(ctx, one, born, said)
    _take_in(ctx, one, rows, prepared, entered)
    problems = _check_new(ctx, one, rows, prepared)
    for index, refusals in all_problems(guarded, entered).items():
        problems[index] += refusals
    _check_scope(ctx, one, prepared, rows, problems)
    good = [index for index, found in enumerate(problems) if not found]
    give_codes(ctx, one, [prepared[index] for index in good])
    ids = store.allocate_ids(ctx.connection, one, len(good)) if good else ()
    new = {
        index: _new_record(ctx, one, record_id, prepared[index], rows[index])
        for record_id, index in zip(ids, good, strict=True)
    }
    twins = keep(ctx, one, [(None, record) for record in new.values()])
    for index in [at for at, record in new.items() if record.id in twins]:
        problems[index] += twins[new.pop(index).id]
    if new:
        records = list(new.values())
        store.insert(ctx.connection, one, records)
        diffs = [beginning(one, record.values) for record in records]
        conclude(ctx, one, "create", [(None, record) for record in records], diffs)
        searching.index(ctx, one, records, new=True)
        made = {index: record.id for index, record in new.items()}
        write_additions(ctx, one, guarded, made, create_many)
    return [new.get(index) or tuple(found) for index, found in enumerate(problems)]


def _take_in(
    ctx: Context,
    one: RecordTable,
    rows: Sequence[Values],
    prepared: Sequence[dict[str, object]],
    found: Guarded,
) -> None:
    """Add to new records what is written besides, and file anew those that change owner by it."""
    for index, more in found.values.items():
        file_again(rows[index], prepared[index], more)
        prepared[index] |= more
    file_new(ctx, one, [prepared[index] for index in found.values])


def _born(values: Values, given: Values) -> Values:
    """Answer the values of a new record with when it was made, where a record of the past says."""
    return {**values, **{name: given[name] for name in _IMPORTABLE & given.keys()}}


def refuse_unread(ctx: Context, entity: str, values: Values, unread: Sequence[Problem]) -> None:
    """Raise NotValid when some of a new record could not be read, naming what else is wrong.

    A person mends everything at once, instead of being sent back for each layer of checks.
    """
    if not unread:
        return
    one = ctx.snapshot.table(entity)
    named = {problem.path for problem in unread}
    further = _check_new(ctx, one, [values], _prepare(ctx, one, [values]))[0]
    raise NotValid(*unread, *(problem for problem in further if problem.path not in named))


def _check_scope(
    ctx: Context,
    one: RecordTable,
    prepared: Sequence[dict[str, object]],
    given: Sequence[Values],
    problems: list[list[Problem]],
) -> None:
    """Note the records that would lie where the actor may not create any."""
    if not ctx.rights.scope(one.entity, "create"):
        return
    new = [_new_record(ctx, one, 0, p, g) for p, g in zip(prepared, given, strict=True)]
    wrong = refused_states(ctx, one, "create", [(None, record) for record in new])
    for found, added in zip(problems, wrong, strict=True):
        found += added


def _prepare(ctx: Context, one: RecordTable, rows: Sequence[Values]) -> list[dict[str, object]]:
    """Answer the rows with every field of the entity: defaults, owner and blanks filled in."""
    empty = dict(one.memo("defaults", lambda: _defaults(one)))
    if one.entity.traits.owned and ctx.via not in HISTORIC_DOORS:
        empty["owner"] = ctx.actor.id
    return [empty | {name: row[name] for name in row if name in empty} for row in rows]


def _defaults(one: RecordTable) -> Values:
    """Answer an empty row, with the defaults in it."""
    empty: dict[str, object] = dict.fromkeys(one.fields)
    for name, stored in one.fields.items():
        default = stored.definition.default
        if default is not None:
            given = list(default) if isinstance(default, tuple) else default
            empty[name] = stored.type.from_json(stored.definition, given)
    return empty


def _check_new(
    ctx: Context, one: RecordTable, given: Sequence[Values], prepared: Sequence[Values]
) -> list[list[Problem]]:
    checks = checks_of(one)
    allowed = _IMPORTABLE if ctx.via in HISTORIC_DOORS else frozenset[str]()
    found = [
        [*unknown_fields(one.entity, row, allowed), *forbidden_fields(ctx, one, row)]
        for row in given
    ]
    for more in (
        checks.of_new(prepared),
        check_links(ctx, one, prepared),
        check_unique(ctx, one, prepared, [None] * len(prepared)),
        check_blocked(ctx, one, prepared, [None] * len(prepared)),
        check_rules(ctx, one.entity.id, prepared),
        kept_back(ctx, one, [(None, values) for values in prepared]),
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
