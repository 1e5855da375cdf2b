"""The recycle bin: deleting keeps the record, restoring brings it back if nothing forbids."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import Forbidden, NotFound, PreconditionFailed
from loopline.services import searching
from loopline.services.audit import Diff
from loopline.services.consequences import conclude
from loopline.services.duplicates.keeping import keep_again, release
from loopline.services.guarding import guard_life, write_additions
from loopline.services.incoming import Lost, clear_links, refuse_restricted, with_cascades
from loopline.services.permits import require, require_each, require_entity
from loopline.services.records import create_many, successor
from loopline.services.shown import shown
from loopline.services.undoing import deleted_together, drop_unfit, link_again
from loopline.store import rows as store
from loopline.store.rows import Record
from loopline.store.tables import RecordTable


def delete(ctx: Context, entity: str, record_id: int, *, if_match: int | None = None) -> Record:
    """Move a record to the bin.

    Records that link to it are treated as their link field says, whoever may see them: restrict
    refuses, clear blanks the link, cascade deletes them too, which the actor must be allowed to do
    to each. ``if_match`` demands that version. Raises NotFound,
    PreconditionFailed, Conflict, Forbidden; a link that a rule demands refuses after others were
    blanked, so the caller's transaction must not be kept. NotValid where a plugin refuses.
    """
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, "delete")
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is not None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    require(ctx, one, "delete", current)
    _insist_on(current, if_match)
    lost: Lost = {}
    whole = ctx.elevated("delete")
    doomed = with_cascades(whole, entity, {record_id}, lost)
    for name, ids in doomed.items():
        one_of = ctx.snapshot.table(name)
        require_each(ctx, one_of, "delete", _on_their_own(ctx, one_of, ids, doomed))
    refuse_restricted(whole, doomed)
    clear_links(whole, doomed, lost)
    for name, ids in doomed.items():
        _bury(ctx, name, sorted(ids), lost)
    return shown(ctx, list(store.fetch(ctx.connection, one, [record_id]).values()))[0]


def restore(ctx: Context, entity: str, record_id: int, *, if_match: int | None = None) -> Record:
    """Bring a record back from the bin, with what its deletion took along and blanked.

    What cannot come back with it stays in the bin, a link that was filled since stays as it is.
    ``if_match`` demands that version. Raises Forbidden where the entity keeps none, NotFound,
    PreconditionFailed, NotValid where a unique value is taken or a link of it leads nowhere.
    """
    one = ctx.snapshot.table(entity)
    require_entity(ctx, one, "restore")
    if not one.entity.traits.recycle:
        raise Forbidden(code="record.no_bin", entity=one.entity.label)
    current = store.fetch(ctx.connection, one, [record_id], lock=True).get(record_id)
    if current is None or current.deleted_at is None:
        raise NotFound(code="record.not_found", entity=one.entity.label, id=record_id)
    require(ctx, one, "restore", current)
    _insist_on(current, if_match)
    whole = ctx.elevated("restore")
    group = deleted_together(whole, current)
    for name, records in group.items():
        one_of = ctx.snapshot.table(name)
        require_each(ctx, one_of, "restore", _on_their_own(ctx, one_of, records, group))
    drop_unfit(whole, group, current)
    for name, records in group.items():
        _revive(ctx, name, records.values())
    link_again(whole, group)
    return shown(ctx, list(store.fetch(ctx.connection, one, [record_id]).values()))[0]


def _on_their_own(
    ctx: Context, one: RecordTable, ids: Collection[int], along: Mapping[str, Collection[int]]
) -> Collection[int]:
    """Answer the records that are no lines of others that go along: lines have no rights of own.

    ``along`` are the records that go along, by entity.
    """
    parents = along.get(one.entity.parent, ())
    if not parents or not ids:
        return ids
    link = one.entity.parent_link
    found = store.fetch(ctx.connection, one, sorted(ids))
    return [line for line, record in found.items() if record.values[link] not in parents]


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


def _bury(ctx: Context, entity: str, ids: list[int], lost: Lost) -> None:
    one = ctx.snapshot.table(entity)
    records = list(store.fetch(ctx.connection, one, ids, lock=True).values())
    guarded = guard_life(ctx, one, "delete", records)
    gone = [replace(successor(ctx, record, {}), deleted_at=ctx.now) for record in records]
    if gone:
        write_additions(ctx, one, guarded, _by_index(gone), create_many)  # while they can be named
        _mark(ctx, one, gone)
        searching.forget(ctx, one, ids)
        release(ctx, one, gone)
        moves = [(record, None) for record in gone]
        conclude(ctx, one, "delete", moves, [_links(lost, record) for record in gone])


def _links(lost: Lost, record: Record) -> Diff:
    """Answer the links to a record before and after its deletion, as its trail notes them."""
    return {link: (ids, []) for link, ids in lost.get((record.entity, record.id), {}).items()}


def _revive(ctx: Context, entity: str, records: Iterable[Record]) -> None:
    one, binned = ctx.snapshot.table(entity), list(records)
    guarded = guard_life(ctx, one, "restore", binned)
    back = [replace(successor(ctx, record, {}), deleted_at=None) for record in binned]
    if back:
        keep_again(ctx, one, back)
        _mark(ctx, one, back)
        searching.index(ctx, one, back, new=True)
        conclude(ctx, one, "restore", [(None, record) for record in back], [{}] * len(back))
        write_additions(ctx, one, guarded, _by_index(back), create_many)


def _by_index(records: list[Record]) -> Mapping[int, int]:
    return {index: record.id for index, record in enumerate(records)}
