"""The audit of writes: what changed, by whom, through which door, in JSON form."""

from collections.abc import Iterable, Mapping

from loopline.access.context import Context
from loopline.store.changes import ChangeRow, write_changes
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

Diff = Mapping[str, tuple[object, object]]


def difference(one: RecordTable, old: Mapping[str, object], new: Mapping[str, object]) -> Diff:
    """Answer the audited fields that differ, as (old, new) in JSON form."""
    diff: dict[str, tuple[object, object]] = {}
    for name, value in new.items():
        before = old.get(name)
        stored = one.fields.get(name)
        if stored is None or before == value or not stored.definition.audited:
            continue
        to_json, definition = stored.type.to_json, stored.definition
        diff[name] = (
            None if before is None else to_json(definition, before),
            None if value is None else to_json(definition, value),
        )
    return diff


def record_changes(ctx: Context, action: str, changes: Iterable[tuple[Record, Diff]]) -> None:
    """Write the trail of records as they now are, one insert for all."""
    rows = [
        ChangeRow(
            at=ctx.now,
            actor=ctx.actor.id,
            entity=record.entity,
            record=record.id,
            action=action,
            via=ctx.via,
            version=record.version,
            revision=ctx.snapshot.revision,
            diff=diff,
            source=ctx.source,
        )
        for record, diff in changes
    ]
    if rows:
        write_changes(ctx.connection, rows)
