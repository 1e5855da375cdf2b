"""The audit of writes: what changed, by whom, through which door, in JSON form."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.services.administrators import USER, refuse_without_administrators
from loopline.services.assigned import tell_assigned
from loopline.services.files.waiting import note_held
from loopline.services.observing import announce_change
from loopline.store.changes import Write, write_changes
from loopline.store.rows import Record
from loopline.store.tables import RecordTable, StoredField

_HOLDING: Final = frozenset({"create", "update"})
Diff = Mapping[str, tuple[object, object]]
ToJson = Callable[[object], object]


def beginning(one: RecordTable, values: Mapping[str, object]) -> Diff:
    """Answer the audited fields that a new record has, as (None, new) in JSON form."""
    audited = one.memo("audited", lambda: _audited(one))
    return {
        name: (None, audited[name](value))
        for name, value in values.items()
        if value is not None and name in audited
    }


def difference(one: RecordTable, old: Mapping[str, object], new: Mapping[str, object]) -> Diff:
    """Answer the audited fields that differ, as (old, new) in JSON form; blank is None."""
    audited = one.memo("audited", lambda: _audited(one))
    return {
        name: (
            None if old.get(name) is None else audited[name](old[name]),
            None if value is None else audited[name](value),
        )
        for name, value in new.items()
        if old.get(name) != value and name in audited
    }


def _audited(one: RecordTable) -> Mapping[str, ToJson]:
    """Answer what writes the values of each audited field."""
    fields = one.fields.values()
    return {f.definition.id: _to_json(f) for f in fields if f.definition.audited}


def _to_json(stored: StoredField) -> ToJson:
    to_json, definition = stored.type.to_json, stored.definition
    return lambda value: to_json(definition, value)


def record_changes(ctx: Context, action: str, changes: Sequence[tuple[Record, Diff]]) -> None:
    """Write the trail of records of one entity as they now are, and let observers be told.

    New owners are told. Raises Conflict where the last administrator would be deleted or made
    inactive.
    """
    if changes:
        write = Write(
            at=ctx.now,
            actor=ctx.actor.id,
            entity=changes[0][0].entity,
            action=action,
            via=ctx.via,
            revision=ctx.snapshot.revision,
            source=ctx.source,
        )
        write_changes(ctx.connection, write, [(r.id, r.version, diff) for r, diff in changes])
        announce_change(ctx, write.entity, action, [record for record, _ in changes])
        tell_assigned(ctx, action, changes)
        if action in _HOLDING:
            note_held(ctx, [record for record, _ in changes])
        if write.entity == USER:
            refuse_without_administrators(ctx, action, changes)
