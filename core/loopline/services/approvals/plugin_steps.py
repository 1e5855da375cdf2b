"""Steps of plugins: asked inside a savepoint, and whatever breaks there stays there."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.hooks.declarations import ApprovalStep, Approved, Decision, Rejected, Waiting
from loopline.meta.approvals import StepDef
from loopline.services.approvals.case import Case

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedApproval:
    """What a plugin's step is told of a request."""

    id: int
    document: str
    step: str
    round: int
    entity: str
    record: int
    submitted_by: int | None
    comment: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Why a plugin did not answer: a code, and what it takes to tell it."""

    code: str
    params: Mapping[str, str]


def ask_plugin(ctx: Context, case: Case, step: StepDef) -> Decision | Unanswered:
    """Answer what a plugin's step says, or why it says nothing."""
    found = _find(ctx, step.kind)
    if found is None:
        return Unanswered("approval.stuck_plugin_gone", {"kind": step.kind})
    plugin, declared = found
    saved = ctx.connection.begin_nested()
    try:
        answer = declared.decide(ctx.contexts(plugin), _asked(case, step), case.record)
        if not isinstance(answer, Approved | Rejected | Waiting):
            raise TypeError(f"expected a decision, got {type(answer).__name__}")
    except Exception as error:  # noqa: BLE001 the plugin boundary
        saved.rollback()
        _log.exception("approval step %s of plugin %s failed", step.kind, plugin)
        reason = f"{type(error).__name__}: {error}"[:200]
        if isinstance(error, LooplineError):
            reason = ctx.messages.tell(error, ctx.actor.language)
        return Unanswered("approval.stuck_plugin", {"plugin": plugin, "reason": reason})
    saved.commit()
    return answer


def _find(ctx: Context, kind: str) -> tuple[str, ApprovalStep] | None:
    for plugin, declared in ctx.calls.declared(ctx.calls.plugins.approval_steps):
        if kind in {declared.id, f"{plugin}.{declared.id}"}:
            return plugin, declared
    return None


def _asked(case: Case, step: StepDef) -> AskedApproval:
    request = case.request
    return AskedApproval(
        id=request.id,
        document=request.document,
        step=step.id,
        round=request.round,
        entity=request.entity,
        record=request.record,
        submitted_by=request.submitted_by,
        comment=request.comment or "",
        settings=step.settings,
    )
