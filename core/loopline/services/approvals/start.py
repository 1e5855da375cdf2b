"""Asking for approval: which documents apply to a record, and the first round of each."""

from collections.abc import Mapping, Sequence
from typing import Any

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import Conflict, NotFound, NotValid, Problem
from loopline.meta.approvals import ApprovalDef
from loopline.services.approvals.case import Case, holds, locked_record, require_right
from loopline.services.approvals.comments import comment_of
from loopline.services.approvals.lock import is_covered, lock_hash, locked_values
from loopline.services.approvals.outcomes import write_outcome
from loopline.services.approvals.steps import finish, go_on
from loopline.services.approvals.trail import note
from loopline.services.permits import NOT_THERE
from loopline.store.approvals import Request
from loopline.store.rows import Record


def needed_for(ctx: Context, record: Record) -> list[ApprovalDef]:
    """Answer the approvals that a whole record needs as it stands."""
    known = ctx.snapshot.catalog.approvals.get(record.entity, ())
    return [one for one in known if holds(ctx, record, one.when)]


def submit(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> list[Request]:
    """Ask for the approvals that a record needs, or for the one that ``approval`` names.

    Raises NotFound, Forbidden for those who may not submit the record, NotValid where it needs
    none, Conflict where each one is pending or was given.
    """
    record = locked_record(ctx, entity, record_id)
    one = ctx.snapshot.table(entity)
    if record is None or record.deleted_at is not None:
        raise NotFound(code=NOT_THERE, entity=one.entity.label, id=record_id)
    require_right(ctx, record, "update")
    wanted = _wanted(ctx, record, str(settings.get("approval") or ""))
    live = _live(ctx, record)
    fresh = [definition for definition in wanted if definition.id not in live]
    if not fresh:
        states = {live[definition.id].state for definition in wanted}
        pending = "pending" in states
        raise Conflict(code="approval.pending" if pending else "approval.approved")
    comment = comment_of(settings)
    return [begin(ctx, definition, record, ctx.actor.id, comment) for definition in fresh]


def _live(ctx: Context, record: Record) -> dict[str, Request]:
    """Answer the live requests of a record by document; one that covers it no more is ended.

    What is not written as a field of the record (a roll-up that is locked) may have moved unseen.
    """
    known = {one.id: one for one in ctx.snapshot.catalog.approvals.get(record.entity, ())}
    found: dict[str, Request] = {}
    for one in store.live_requests(ctx.connection, record.entity, [record.id], lock=True):
        definition = known.get(one.document)
        if definition is None or one.state == "pending" or is_covered(ctx, definition, one, record):
            found[one.document] = one
            continue
        case = Case(one, definition, record)
        finish(ctx, case, "voided")
        note(ctx, case, "voided")
    return found


def begin(
    ctx: Context,
    definition: ApprovalDef,
    record: Record,
    submitter: int | None,
    comment: str | None,
) -> Request:
    """Make a request and open its first step; the record is locked and has none that is live."""
    locked = locked_values(ctx, definition, record)
    before = store.last_round(ctx.connection, definition.id, record.entity, record.id)
    number = store.add(
        ctx.connection,
        store.approval,
        document=definition.id,
        entity=record.entity,
        record=record.id,
        round=before + 1,
        state="pending",
        submitted_by=submitter,
        submitted_at=ctx.now,
        comment=comment,
        lock_hash=lock_hash(locked),
        locked=locked,
    )
    made = store.request_by_id(ctx.connection, number)
    if made is None:
        raise NotFound(code="approval.not_found", id=number)
    case = Case(made, definition, record)
    note(ctx, case, "submitted", comment=comment, round=before + 1)
    write_outcome(ctx, case, "submitted")
    case = case.as_of(ctx)
    go_on(ctx, case)
    return case.as_of(ctx).request


def _wanted(ctx: Context, record: Record, name: str) -> Sequence[ApprovalDef]:
    known = ctx.snapshot.catalog.approvals.get(record.entity, ())
    if name and name not in {one.id for one in known}:
        raise NotValid(Problem("settings.approval", "approval.unknown", {"approval": name}))
    found = [one for one in needed_for(ctx, record) if name in {"", one.id}]
    if not found:
        raise NotValid(Problem("approval", "approval.not_needed"))
    return found
