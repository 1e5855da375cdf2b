"""Going back: returned to whoever asked or to an earlier step, or withdrawn."""

from collections.abc import Mapping
from typing import Any, Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotValid, Problem
from loopline.services.approvals.case import Case, open_case, require_right
from loopline.services.approvals.comments import comment_of, reason_of
from loopline.services.approvals.decide import take_seat
from loopline.services.approvals.mine import sit
from loopline.services.approvals.steps import close, enter, finish, go_on
from loopline.services.approvals.telling import tell_asker
from loopline.services.approvals.trail import note
from loopline.store.approvals import Request

TO_ASKER: Final = "submitter"


def send_back(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Return a request with a reason: to whoever asked, or to the earlier step ``to`` names."""
    reason = reason_of(settings)
    sitting = sit(ctx, entity, record_id, settings)
    case, to = sitting.case, str(settings.get("to") or TO_ASKER)
    steps = [one.id for one in case.definition.steps]
    if to != TO_ASKER and not _lies_before(steps, to, sitting.step.step):
        raise NotValid(Problem("settings.to", "approval.no_step", {"step": to}))
    take_seat(ctx, sitting, "returned", reason)
    step, for_user = sitting.step.step, sitting.for_user
    note(ctx, case, "return", step=step, comment=reason, for_user=for_user, to=to)
    if to == TO_ASKER:
        finish(ctx, case, "returned")
        tell_asker(ctx, case, "returned")
    else:
        close(ctx, case, sitting.step, "returned")
        if enter(ctx, case, case.definition.steps[steps.index(to)]) == "passed":
            go_on(ctx, case, to)
    return case.as_of(ctx).request


def _lies_before(steps: list[str], to: str, here: str) -> bool:
    return to in steps and (here not in steps or steps.index(to) < steps.index(here))


def withdraw(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Take a pending request back; only whoever asked, or an administrator, may."""
    comment, wanted = comment_of(settings), str(settings.get("approval") or "")
    pending = [
        one
        for one in store.live_requests(ctx.connection, entity, [record_id])
        if one.state == "pending" and wanted in {"", one.document}
    ]
    mine = [one for one in pending if _may_withdraw(ctx, one)]
    if not pending:
        raise Conflict(code="approval.not_open")
    if not mine:
        raise Forbidden(code="approval.not_yours")
    if len(mine) > 1:
        known = ", ".join(one.document for one in mine)
        raise NotValid(Problem("settings.approval", "approval.which", {"known": known}))
    case = open_case(ctx, mine[0].id, documented=False)
    require_right(ctx, case.record)
    if case.request.state != "pending":
        raise Conflict(code="approval.not_open")
    return _withdraw(ctx, case, comment)


def _withdraw(ctx: Context, case: Case, comment: str | None) -> Request:
    finish(ctx, case, "withdrawn")
    note(ctx, case, "withdraw", comment=comment)
    tell_asker(ctx, case, "withdrawn")
    return case.as_of(ctx).request


def _may_withdraw(ctx: Context, request: Request) -> bool:
    own = ctx.actor.id is not None and request.submitted_by == ctx.actor.id
    return own or ctx.actor.administrator
