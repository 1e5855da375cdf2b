"""The lock: what an approval was given for, as one hash over the locked fields."""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from loopline.access.context import Context
from loopline.meta.approvals import ApprovalDef
from loopline.store.approvals import Request
from loopline.store.lines import fetch_lines
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

_LINES: Final = "lines"
Locked = Mapping[str, Any]


def locked_values(ctx: Context, definition: ApprovalDef, record: Record) -> dict[str, Any]:
    """Answer the locked fields of a whole record in JSON form, each field of lines with them."""
    one = ctx.snapshot.table(record.entity)
    return {name: _json(ctx, one, record, name) for name in definition.locks}


def lock_hash(values: Locked) -> str:
    """Answer the hash of locked fields; the order of names means nothing, that of lines does."""
    written = orjson.dumps(values, option=orjson.OPT_SORT_KEYS, default=str)
    return hashlib.sha256(written).hexdigest()


def is_covered(ctx: Context, definition: ApprovalDef, request: Request, record: Record) -> bool:
    """Whether a whole record holds just the locked fields that a request was made for."""
    return request.lock_hash == lock_hash(locked_values(ctx, definition, record))


def moved(before: Locked, after: Locked) -> list[str]:
    """Answer the fields that differ between two states, in the form in which they were stored."""
    stored = orjson.loads(orjson.dumps(after, default=str))
    return sorted(name for name in {*before, *stored} if before.get(name) != stored.get(name))


def _json(ctx: Context, one: RecordTable, record: Record, name: str) -> Any:
    definition = one.entity.field(name)
    if definition is not None and definition.type == _LINES:
        child = ctx.snapshot.table(definition.many)
        held = fetch_lines(ctx.connection, child, child.entity.parent_link, [record.id])
        return [_row(child, line) for line in held.get(record.id, ())]
    return _value(one, record, name)


def _row(one: RecordTable, record: Record) -> dict[str, Any]:
    return {"id": record.id, **{name: _value(one, record, name) for name in sorted(one.fields)}}


def _value(one: RecordTable, record: Record, name: str) -> Any:
    value, stored = record.value(name), one.fields.get(name)
    if value is None or stored is None:
        return value
    return stored.type.to_json(stored.definition, value)
