"""Deciding: yes or no on a seat, once, over the record as it stands."""

from collections.abc import Mapping
from typing import Any

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.services.approvals.comments import comment_of, reason_of
from loopline.services.approvals.lock import lock_hash, locked_values
from loopline.services.approvals.mine import Sitting, sit
from loopline.services.approvals.steps import settle
from loopline.services.approvals.trail import note
from loopline.services.approvals.voiding import ask_again
from loopline.store.approvals import Request


def approve(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Say yes. Raises as :func:`loopline.services.approvals.mine.sit` does.

    Where the record is not what was asked about any more, nothing is decided: the request is
    answered voided, and asked again.
    """
    sitting = sit(ctx, entity, record_id, settings)
    return _decide(ctx, sitting, "approve", comment_of(settings))


def reject(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Say no, with a reason. Raises as :func:`approve` does, NotValid without a reason."""
    reason = reason_of(settings)
    sitting = sit(ctx, entity, record_id, settings)
    return _decide(ctx, sitting, "reject", reason)


def _decide(ctx: Context, sitting: Sitting, act: str, comment: str | None) -> Request:
    case, step = sitting.case, sitting.step
    now = lock_hash(locked_values(ctx, case.definition, case.record))
    if now != case.request.lock_hash:  # a line that was committed while the request was made
        ask_again(ctx, case)
        return case.as_of(ctx).request
    take_seat(ctx, sitting, "approved" if act == "approve" else "rejected", comment)
    note(ctx, case, act, step=step.step, comment=comment, for_user=sitting.for_user)
    settle(ctx, case, step, comment)
    return case.as_of(ctx).request


def take_seat(ctx: Context, sitting: Sitting, state: str, comment: str | None) -> None:
    """Write down who did what on a seat."""
    store.change(
        ctx.connection,
        store.seat,
        sitting.seat.id,
        state=state,
        decided_by=ctx.actor.id,
        decided_at=ctx.now,
        comment=comment,
    )
