"""Changing records: one by one with conflict checks, or many at once."""

from collections.abc import Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Conflict, NotFound, NotValid, PreconditionFailed, Problem
from loopline.hooks.calls import Guarded
from loopline.services import searching
from loopline.services.approvals.keeping_back import kept_back
from loopline.services.approvals.watching import locked_problems
from loopline.services.audit import difference
from loopline.services.checks import (
    check_links,
    check_rules,
    checks_of,
    unknown_fields,
)
from loopline.services.consequences import conclude
from loopline.services.duplicates.keeping import check_blocked, keep
from loopline.services.guarding import guard, write_additions
from loopline.services.ownership import file_again, file_moved
from loopline.services.permits import (
    forbidden_fields,
    refused,
    refused_states,
    require,
    require_entity,
)
from loopline.services.pipelines.entering import all_problems, enter
from loopline.services.records import Outcome, Values, create_many, successor
from loopline.services.shown import shown
from loopline.services.uniqueness import check_unique
from loopline.store import rows as store
from loopline.store.changes import changed_since
from loopline.store.rows import Record
from loopline.store.tables import RecordTable


def update(
    ctx: Context,
    entity: str,
    record_id: int,
    changes: Values,
    *,
    base: int | None = None,
    if_match: int | None = None,
) -> Record:
    """Change one record.

    ``if_match`` demands that version; ``base`` is the version the changes were made on, and is
    merged with what others changed since unless the same field was written. Without either the
    last write wins. Raises NotFound, PreconditionFailed, Conflict or NotValid.
    """
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, "update")
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is not None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    require(ctx, one, "update", current)
    if if_match is not None and if_match != current.version:
        raise PreconditionFailed(version=current.version)
    if base is not None and base > current.version:
        raise NotValid(Problem("_base", "record.no_version", {"version": current.version}))
    if base is not None and base != current.version:
        _refuse_overlap(ctx, one, current, changes, base)
    outcome = _write(ctx, one, [(current, changes)])[0]
    if isinstance(outcome, tuple):
        raise NotValid(*outcome)
    return shown(ctx, [outcome])[0]


def refuse_unread_change(
    ctx: Context, record: Record, changes: Values, unread: Sequence[Problem]
) -> None:
    """Raise NotValid when some of a change could not be read, naming what else is wrong.

    Told at once, as for a new record: nobody is sent back for each layer of checks.
    """
    if not unread:
        return
    one = ctx.snapshot.table(record.entity)
    named = {problem.path for problem in unread}
    further = _check(ctx, one, [(record, changes)])[0]
    raise NotValid(*unread, *(problem for problem in further if problem.path not in named))


def update_many(ctx: Context, entity: str, changes: Mapping[int, Values]) -> dict[int, Outcome]:
    """Change many records set-wise; answer for each its id, or what is wrong with it."""
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, "update")
    current = store.fetch(ctx.connection, one, list(changes), lock=True)
    living = [i for i in changes if i in current and current[i].deleted_at is None]
    results: dict[int, Outcome] = {
        i: (Problem("id", "record.not_found", {"entity": one.entity.label, "id": i}),)
        for i in changes
    }
    barred = refused(ctx, one, "update", [current[i] for i in living])
    results |= {i: found for i, found in zip(living, barred, strict=True) if found}
    living = [i for i, found in zip(living, barred, strict=True) if not found]
    outcomes = _write(ctx, one, [(current[i], changes[i]) for i in living])
    for record_id, outcome in zip(living, outcomes, strict=True):
        results[record_id] = outcome if isinstance(outcome, tuple) else record_id
    return results


def _write(
    ctx: Context, one: RecordTable, edits: Sequence[tuple[Record, Values]]
) -> list[Record | tuple[Problem, ...]]:
    """Answer for each edit the record as it now stands, or what is wrong with it."""
    barred = [forbidden_fields(ctx, one, changes, record) for record, changes in edits]
    filed = [(record, dict(changes)) for record, changes in edits]
    file_moved(ctx, one, filed)
    guarded = guard(ctx, one, "update", _states(filed), [changes for _, changes in edits])
    _take_in(ctx, one, edits, filed, guarded)
    said = [{*changes, *guarded.values.get(at, ())} for at, (_, changes) in enumerate(edits)]
    entered = enter(ctx, one, _states(filed), said)
    _take_in(ctx, one, edits, filed, entered)
    more = all_problems(guarded, entered)
    edits = filed
    found = _check(ctx, one, edits)
    for index, problems in enumerate(found):
        problems += (*barred[index], *more.get(index, ()))
    good = [
        (record, successor(ctx, record, real))
        for (record, changes), problems in zip(edits, found, strict=True)
        if not problems and (real := real_changes(record, changes))
    ]
    twins = keep(ctx, one, good)
    if twins:
        good = [(old, new) for old, new in good if new.id not in twins]
        for (record, _), problems in zip(edits, found, strict=True):
            problems += twins.get(record.id, ())
    if good:
        _store(ctx, one, good)
        searched = searching.searched_fields(one)
        moved = [new for old, new in good if any(old.values[n] != new.values[n] for n in searched)]
        searching.index(ctx, one, moved, new=False)
        diffs = [difference(one, old.values, new.values) for old, new in good]
        conclude(ctx, one, "update", good, diffs)
        done = {new.id for _, new in good}
        ids = {i: record.id for i, (record, _) in enumerate(edits) if record.id in done}
        write_additions(ctx, one, guarded, ids, create_many)
    written = _as_written(ctx, one, [new for _, new in good])
    return [
        tuple(problems) or written.get(record.id, record)
        for (record, _), problems in zip(edits, found, strict=True)
    ]


def _states(
    edits: Sequence[tuple[Record, dict[str, object]]],
) -> list[tuple[Record, dict[str, object]]]:
    return [(record, {**record.values, **changes}) for record, changes in edits]


def _take_in(
    ctx: Context,
    one: RecordTable,
    edits: Sequence[tuple[Record, Values]],
    filed: Sequence[tuple[Record, dict[str, object]]],
    found: Guarded,
) -> None:
    """Add to changes what is written besides, and file anew those that change owner by it."""
    for index, more in found.values.items():
        file_again(edits[index][1], filed[index][1], more)
        filed[index][1].update(more)
    file_moved(ctx, one, [filed[index] for index in found.values])


def real_changes(record: Record, changes: Values) -> Values:
    """Answer only what differs from the record as it stands."""
    return {name: value for name, value in changes.items() if record.values.get(name) != value}


def _check(
    ctx: Context, one: RecordTable, edits: Sequence[tuple[Record, Values]]
) -> list[list[Problem]]:
    checks = checks_of(one)
    found = [list(unknown_fields(one.entity, changes, frozenset())) for _, changes in edits]
    rows = [
        {**record.values, **{k: v for k, v in changes.items() if k in one.fields}}
        for record, changes in edits
    ]
    touched = [[n for n in real_changes(r, c) if n in one.fields] for r, c in edits]
    moved = [{name: row[name] for name in names} for row, names in zip(rows, touched, strict=True)]
    ids = [record.id for record, _ in edits]
    for more in (
        [checks.of_change(row, names) for row, names in zip(rows, touched, strict=True)],
        check_links(ctx, one, moved),
        check_unique(ctx, one, rows, ids, touched),
        check_blocked(ctx, one, rows, ids, touched),
        check_rules(ctx, one.entity.id, rows),
        locked_problems(ctx, one.entity.id, list(zip(ids, touched, strict=True))),
        kept_back(ctx, one, [(record, row) for (record, _), row in zip(edits, rows, strict=True)]),
    ):
        for problems, added in zip(found, more, strict=True):
            problems += added
    if ctx.rights.scope(one.entity, "update"):
        moves = [
            (r, successor(ctx, r, {n: row[n] for n in names}))
            for (r, _), row, names in zip(edits, rows, touched, strict=True)
        ]
        for problems, barred in zip(found, refused_states(ctx, one, "update", moves), strict=True):
            problems += barred
    return found


def _store(ctx: Context, one: RecordTable, edits: Sequence[tuple[Record, Record]]) -> None:
    """Write the new states: one statement for all records that change the same fields."""
    groups: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for old, new in edits:
        changed = {n: v for n, v in new.values.items() if old.values.get(n) != v}
        columns = store.dump_values(one, changed) | {
            "_id": new.id,
            "row_version": new.version,
            "updated_at": new.updated_at,
            "updated_by": new.updated_by,
        }
        groups.setdefault(tuple(sorted(columns)), []).append(columns)
    for rows in groups.values():
        store.update_many(ctx.connection, one, rows)


def _as_written(ctx: Context, one: RecordTable, records: Sequence[Record]) -> Mapping[int, Record]:
    """Answer written records as they now stand, with what their approvals wrote in turn."""
    if records and any(each.sets for each in ctx.snapshot.catalog.approvals.get(one.entity.id, ())):
        return store.fetch(ctx.connection, one, [record.id for record in records])
    return {record.id: store.as_stored(one, record) for record in records}


def _refuse_overlap(
    ctx: Context, one: RecordTable, current: Record, changes: Values, base: int
) -> None:
    """Raise Conflict where a field to be written was changed by someone else after ``base``."""
    theirs = changed_since(ctx.connection, one.entity.id, current.id, base)
    mine = real_changes(current, changes)
    problems = []
    for name in mine:
        stored, value = one.fields[name], mine[name]
        if name in theirs or not stored.definition.audited:
            # what the trail does not tell of a field may have been changed, so it counts as changed
            before, now = theirs.get(name, (None, None))
            params = {
                "label": stored.definition.label,
                "base": before,
                "theirs": now,
                "yours": None if value is None else stored.type.to_json(stored.definition, value),
            }
            problems.append(Problem(f"fields.{name}", "record.changed", params))
    if problems:
        raise Conflict(*problems, code="record.conflict", version=current.version)


def values_at(ctx: Context, entity: str, record_id: int, version: int) -> Values:
    """Answer, for the fields written after a version, what they held at that version."""
    one = ctx.snapshot.table(entity)
    since = changed_since(ctx.connection, entity, record_id, version)
    held: dict[str, object] = {}
    for name, (before, _) in since.items():
        stored = one.fields.get(name)
        if stored is not None:
            read = stored.type.from_json
            held[name] = None if before is None else read(stored.definition, before)
    return held
