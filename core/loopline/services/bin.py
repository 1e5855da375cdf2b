"""The recycle bin: deleting keeps the record, restoring brings it back if nothing forbids."""

from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import Conflict, NotFound, Problem, refuse_if
from loopline.fields.definition import FieldDef
from loopline.services import searching
from loopline.services.audit import record_changes
from loopline.services.checks import check_links, check_unique
from loopline.services.editing import update_many
from loopline.services.records import require_write, successor
from loopline.store import rows as store
from loopline.store.keys import records_by_key
from loopline.store.rows import Record
from loopline.store.tables import RecordTable


def delete(ctx: Context, entity: str, record_id: int) -> Record:
    """Move a record to the bin.

    Records that link to it are treated as their link field says: restrict refuses, clear blanks
    the link, cascade deletes them too. Raises NotFound, Conflict.
    """
    one = ctx.snapshot.table(entity)
    require_write(ctx, one, "delete")
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is not None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    gone = replace(successor(ctx, current, {}), deleted_at=ctx.now)
    _mark(ctx, one, gone)
    _release_links(ctx, entity, record_id)
    searching.forget(ctx, one, [record_id])
    record_changes(ctx, "delete", [(gone, {})])
    return gone


def restore(ctx: Context, entity: str, record_id: int) -> Record:
    """Bring a record back from the bin. Raises NotFound, NotValid where a unique value is taken."""
    one = ctx.snapshot.table(entity)
    require_write(ctx, one, "restore")
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    refuse_if(check_unique(ctx, one, [current.values], [record_id])[0])
    refuse_if(check_links(ctx, one, [current.values])[0])
    back = replace(successor(ctx, current, {}), deleted_at=None)
    _mark(ctx, one, back)
    searching.index(ctx, one, [back], new=True)
    record_changes(ctx, "restore", [(back, {})])
    return back


def _mark(ctx: Context, one: RecordTable, record: Record) -> None:
    columns = {
        "_id": record.id,
        "row_version": record.version,
        "updated_at": record.updated_at,
        "updated_by": record.updated_by,
        "deleted_at": record.deleted_at,
    }
    store.update_many(ctx.connection, one, [columns])


def _release_links(ctx: Context, entity: str, record_id: int) -> None:
    problems = []
    for source, name in ctx.catalog.incoming.get(entity, ()):
        one = ctx.snapshot.table(source)
        stored = one.fields[name]
        pointing = [i for _, i in records_by_key(ctx.connection, one, stored, [record_id])]
        if not pointing:
            continue
        match stored.definition.on_delete:
            case "restrict":
                problems.append(_restricted(one, stored.definition, len(pointing)))
            case "clear":
                update_many(ctx, source, {i: {name: None} for i in pointing})
            case "cascade":
                for pointed in pointing:
                    delete(ctx, source, pointed)
    if problems:
        raise Conflict(*problems, code="record.linked")


def _restricted(one: RecordTable, field: FieldDef, count: int) -> Problem:
    params = {"entity": one.entity.label, "label": field.label, "count": count}
    return Problem(f"{one.entity.id}.{field.id}", "record.linked_by", params)
