"""The recycle bin: deleting keeps the record, restoring brings it back if nothing forbids."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Problem, refuse_if
from loopline.services import searching
from loopline.services.audit import record_changes
from loopline.services.checks import check_links
from loopline.services.editing import update_many
from loopline.services.records import require_write, successor
from loopline.services.uniqueness import check_unique
from loopline.store import rows as store
from loopline.store.keys import records_by_key
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Doomed = Mapping[str, set[int]]


def delete(ctx: Context, entity: str, record_id: int, *, if_match: int | None = None) -> Record:
    """Move a record to the bin.

    Records that link to it are treated as their link field says: restrict refuses, clear blanks
    the link, cascade deletes them too. ``if_match`` demands that version. Raises NotFound,
    PreconditionFailed, Conflict, Forbidden; a link that a rule demands refuses after others were
    blanked, so the caller's transaction must not be kept.
    """
    one = ctx.snapshot.table(entity)
    require_write(ctx, one, "delete")
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is not None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    _insist_on(current, if_match)
    doomed = _with_cascades(ctx, entity, record_id)
    _refuse_restricted(ctx, doomed)
    _clear_links(ctx, doomed)
    for name, ids in doomed.items():
        _bury(ctx, name, sorted(ids))
    return store.fetch(ctx.connection, one, [record_id])[record_id]


def restore(ctx: Context, entity: str, record_id: int, *, if_match: int | None = None) -> Record:
    """Bring a record back from the bin.

    ``if_match`` demands that version. Raises Forbidden where the entity keeps none, NotFound,
    PreconditionFailed, NotValid where a unique value is taken.
    """
    one = ctx.snapshot.table(entity)
    require_write(ctx, one, "restore")
    if not one.entity.traits.recycle:
        raise Forbidden(code="record.no_bin", entity=one.entity.label)
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    _insist_on(current, if_match)
    refuse_if(check_unique(ctx, one, [current.values], [record_id])[0])
    refuse_if(check_links(ctx, one, [current.values])[0])
    back = replace(successor(ctx, current, {}), deleted_at=None)
    _mark(ctx, one, [back])
    searching.index(ctx, one, [back], new=True)
    record_changes(ctx, "restore", [(back, {})])
    return back


def _insist_on(current: Record, if_match: int | None) -> None:
    if if_match is not None and if_match != current.version:
        raise PreconditionFailed(version=current.version)


def _mark(ctx: Context, one: RecordTable, records: list[Record]) -> None:
    rows: list[dict[str, object]] = [
        {
            "_id": record.id,
            "row_version": record.version,
            "updated_at": record.updated_at,
            "updated_by": record.updated_by,
            "deleted_at": record.deleted_at,
        }
        for record in records
    ]
    store.update_many(ctx.connection, one, rows)


def _with_cascades(ctx: Context, entity: str, record_id: int) -> Doomed:
    """Answer, by entity, the record and everything that is deleted with it."""
    doomed: dict[str, set[int]] = {entity: {record_id}}
    waiting: list[tuple[str, set[int]]] = [(entity, {record_id})]
    while waiting:
        target, ids = waiting.pop()
        for source, _, pointing in _pointing(ctx, target, ids, "cascade"):
            new = pointing - doomed.setdefault(source, set())
            if new:
                doomed[source] |= new
                waiting.append((source, new))
    for name, ids in doomed.items():
        if ids:
            require_write(ctx, ctx.snapshot.table(name), "delete")
    return doomed


def _refuse_restricted(ctx: Context, doomed: Doomed) -> None:
    """Raise Conflict naming the links that keep a record; those of doomed records do not."""
    problems = []
    for target, ids in doomed.items():
        for source, field, pointing in _pointing(ctx, target, ids, "restrict"):
            left = pointing - doomed.get(source, set())
            if left:
                problems.append(_restricted(ctx, source, field, len(left)))
    if problems:
        raise Conflict(*problems, code="record.linked")


def _clear_links(ctx: Context, doomed: Doomed) -> None:
    """Blank the links that may be blanked; raise Conflict where a rule demands the link."""
    for target, ids in doomed.items():
        for source, field, pointing in _pointing(ctx, target, ids, "clear"):
            left = pointing - doomed.get(source, set())
            outcomes = update_many(ctx, source, {i: {field: None} for i in left}) if left else {}
            refused = [one for one in outcomes.values() if isinstance(one, tuple)]
            if refused:
                raise Conflict(_restricted(ctx, source, field, len(refused)), code="record.linked")


def _pointing(
    ctx: Context, target: str, ids: set[int], rule: str
) -> Iterator[tuple[str, str, set[int]]]:
    """Yield (entity, link, records) that point to the given records by links of a rule."""
    for source, name in ctx.catalog.incoming.get(target, ()):
        one = ctx.snapshot.table(source)
        stored = one.fields[name]
        if stored.definition.on_delete == rule:
            found = {i for _, i in records_by_key(ctx.connection, one, stored, ids)}
            if found:
                yield source, name, found


def _restricted(ctx: Context, source: str, field: str, count: int) -> Problem:
    entity = ctx.catalog.entity(source)
    params = {"entity": entity.label, "label": entity.fields[field].label, "count": count}
    return Problem(f"{source}.{field}", "record.linked_by", params)


def _bury(ctx: Context, entity: str, ids: list[int]) -> None:
    one = ctx.snapshot.table(entity)
    records = store.fetch(ctx.connection, one, ids, lock=True).values()
    gone = [replace(successor(ctx, record, {}), deleted_at=ctx.now) for record in records]
    if gone:
        _mark(ctx, one, gone)
        searching.forget(ctx, one, ids)
        record_changes(ctx, "delete", [(record, {}) for record in gone])
