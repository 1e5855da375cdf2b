"""The trail of a request: every act and what followed, and the acts in the record's timeline."""

from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.services.approvals.case import Case
from loopline.store.changes import Write, write_changes

TOLD: Final = frozenset(
    {
        "submitted",
        "approve",
        "reject",
        "return",
        "withdraw",
        "delegate",
        "forward",
        "add_signer",
        "approved",
        "rejected",
        "voided",
        "stuck",
        "overdue",
        "escalate",
    }
)
"""What stands in the record's timeline too; the rest is only in the request's own trail."""
NOTE: Final = "_note"
APPROVAL: Final = "_approval"
"""Names that no field can have, under which a line of the trail keeps what was said, and where."""
_NO_VERSION: Final = 0
"""An act leaves the record as it is, so that it belongs to none of its versions."""


def note(
    ctx: Context,
    case: Case,
    act: str,
    *,
    step: str | None = None,
    comment: str | None = None,
    for_user: int | None = None,
    **detail: object,
) -> None:
    """Write an act of whoever acts into the trail, with what they said and for whom they acted."""
    request = case.request
    store.add(
        ctx.connection,
        store.approval_event,
        approval=request.id,
        step=step,
        at=ctx.now,
        actor=ctx.actor.id,
        for_user=for_user,
        act=act,
        comment=comment or None,
        detail=detail,
    )
    if act not in TOLD:
        return
    write = Write(
        at=ctx.now,
        actor=ctx.actor.id,
        entity=request.entity,
        action=f"approval_{act}",
        via=ctx.via,
        revision=ctx.snapshot.revision,
        source=f"approval:{request.id}",
    )
    said = {APPROVAL: (None, request.document)} | ({NOTE: (None, comment)} if comment else {})
    write_changes(ctx.connection, write, [(request.record, _NO_VERSION, said)])
