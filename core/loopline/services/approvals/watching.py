"""Watching: every write of a record, or of its lines, is held against what was approved of it.

Called in the transaction of the write, through whatever door.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.meta.approvals import ApprovalDef
from loopline.services.approvals.case import Case, definition_of
from loopline.services.approvals.keeping_back import refuse_uncovered
from loopline.services.approvals.lock import lock_hash, locked_values, moved
from loopline.services.approvals.review import review_soon
from loopline.services.approvals.steps import finish
from loopline.services.approvals.trail import note
from loopline.services.approvals.voiding import ask_again
from loopline.store.approvals import Request
from loopline.store.rows import Record, fetch
from loopline.store.snapshot import Snapshot

_LINES: Final = "lines"
Changed = tuple[Record, Mapping[str, Sequence[object]]]
"""A record as it now is, and its audited fields that differ, each (old, new) in JSON form."""


def watch(ctx: Context, entity: str, action: str, changes: Sequence[Changed]) -> None:
    """Void the requests whose locked fields a write has changed; a deletion withdraws them.

    ``changes`` are records as they now are, each with what differs. Raises NotValid where a pending
    request keeps the fields as they are, or an approved one the lines.
    """
    review_soon(ctx, entity, action)
    watched = _watched(ctx.snapshot)
    if entity not in watched or not changes:
        return
    records = [record for record, _ in changes]
    for owner, link in watched[entity]:
        ids = _ids(changes, link)
        if link:
            refuse_uncovered(ctx, owner, ids)
        if not link and action in {"create", "restore"}:
            continue
        if action == "delete" and not link:
            _withdraw(ctx, _live(ctx, owner, ids), records)
        elif ctx.parts is not None:
            ctx.parts.update((owner, number) for number in ids)
        else:
            _hold_against(ctx, owner, ids)


def watch_whole(ctx: Context, parts: Context) -> None:
    """Hold what a write of several parts has changed against approvals, once for all of them.

    ``parts`` is the context of the parts. Raises NotValid as :func:`watch` does.
    """
    touched: dict[str, list[int]] = defaultdict(list)
    for entity, number in sorted(parts.parts or ()):
        touched[entity].append(number)
    for entity, ids in touched.items():
        _hold_against(ctx, entity, ids)


def locked_problems(
    ctx: Context, entity: str, edits: Sequence[tuple[int, Sequence[str]]]
) -> list[list[Problem]]:
    """Answer, for each (record, fields that change), which of them a pending request keeps."""
    found: list[list[Problem]] = [[] for _ in edits]
    keeping = [one for one in _of(ctx.snapshot, entity) if one.refuses_changes]
    if not keeping:
        return found
    locks = {one.id: frozenset(one.locks) for one in keeping}
    pending = {
        (one.record, one.document)
        for one in store.live_requests(ctx.connection, entity, [number for number, _ in edits])
        if one.state == "pending"
    }
    for (number, fields), problems in zip(edits, found, strict=True):
        kept = {name for d in keeping if (number, d.id) in pending for name in locks[d.id]}
        problems += _kept(ctx, entity, sorted(kept.intersection(fields)))
    return found


def _live(ctx: Context, entity: str, ids: Sequence[int]) -> Sequence[Request]:
    return store.live_requests(ctx.connection, entity, ids, lock=True) if ids else ()


def _hold_against(ctx: Context, entity: str, numbers: Sequence[int]) -> None:
    requests = _live(ctx, entity, numbers)
    if not requests:
        return
    known = {one.id: one for one in _of(ctx.snapshot, entity)}
    ids = sorted({one.record for one in requests})
    held = fetch(ctx.connection, ctx.snapshot.table(entity), ids)
    for request in requests:
        definition, record = known.get(request.document), held.get(request.record)
        if definition is None or record is None or record.deleted_at is not None:
            continue
        now = locked_values(ctx, definition, record)
        if lock_hash(now) == request.lock_hash:
            continue
        if definition.refuses_changes and request.state == "pending":
            raise NotValid(*_kept(ctx, entity, moved(request.locked, now)))
        ask_again(ctx, Case(request, definition, record))


def _kept(ctx: Context, entity: str, names: Iterable[str]) -> Iterator[Problem]:
    definition = ctx.snapshot.catalog.entity(entity)
    for name in names:
        field = definition.field(name)
        if field is not None:
            yield Problem(f"fields.{name}", "approval.locked", {"label": field.label})


def _withdraw(ctx: Context, requests: Sequence[Request], records: Sequence[Record]) -> None:
    gone = {record.id: record for record in records}
    for request in requests:
        if request.state == "pending":
            case = Case(request, definition_of(ctx, request), gone[request.record])
            finish(ctx, case, "withdrawn")
            note(ctx, case, "withdraw", why="deleted")


def _ids(changes: Sequence[Changed], link: str) -> list[int]:
    """Answer the records that are watched: those written, or those whose lines are or were."""
    if not link:
        return sorted({record.id for record, _ in changes})
    ends = (end for record, diff in changes for end in (record.value(link), *diff.get(link, ())))
    return sorted({end for end in ends if isinstance(end, int)})


def _of(snapshot: Snapshot, entity: str) -> tuple[ApprovalDef, ...]:
    return snapshot.catalog.approvals.get(entity, ())


def _watched(snapshot: Snapshot) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Answer, for each entity that is watched: whose requests, and the link to it if a line."""

    def build() -> Mapping[str, Sequence[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = {}
        for watched, pair in _pairs(snapshot):
            if pair not in found.setdefault(watched, []):
                found[watched].append(pair)
        return found

    return snapshot.memo("approvals.watched", build)


def _pairs(snapshot: Snapshot) -> Iterator[tuple[str, tuple[str, str]]]:
    for entity, definitions in snapshot.catalog.approvals.items():
        if not snapshot.catalog.has("entity", entity):
            continue
        yield entity, (entity, "")
        fields = snapshot.catalog.entity(entity).fields
        keeps = any(one.before is not None for one in definitions)
        locks = (name for one in definitions for name in one.locks)
        for name in dict.fromkeys(fields if keeps else locks):
            if name in fields and fields[name].type == _LINES:
                child = snapshot.catalog.entity(fields[name].many)
                yield child.id, (entity, child.parent_link)
