"""Steps of plugins: asked inside a savepoint, and whatever breaks there stays there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import LooplineError, PluginFailed
from loopline.hooks.boundary import boundary
from loopline.hooks.calls import Calls
from loopline.hooks.declarations import ApprovalStep, Approved, Decision, Rejected, Waiting
from loopline.meta.approvals import StepDef
from loopline.services.approvals.case import Case

GONE: Final = "approval.stuck_plugin_gone"
"""Why a step is stuck whose code is not there: it is asked again once it is."""


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
    found = step_kinds(ctx.calls).get(step.kind)
    if found is None:
        return Unanswered(GONE, {"kind": step.kind})
    plugin, declared = found
    try:
        with boundary(plugin, f"approval step {step.kind}", ()), ctx.connection.begin_nested():
            answer = declared.decide(ctx.contexts(plugin), _asked(case, step), case.record)
            if not isinstance(answer, Approved | Rejected | Waiting):
                raise TypeError(f"expected a decision, got {type(answer).__name__}")
    except PluginFailed as failure:
        cause, reason = failure.__cause__, str(failure.params["reason"])
        if isinstance(cause, LooplineError):
            reason = ctx.messages.tell(cause, ctx.actor.language)
        return Unanswered("approval.stuck_plugin", {"plugin": plugin, "reason": reason})
    return answer


def step_kinds(calls: Calls) -> dict[str, tuple[str, ApprovalStep]]:
    """Answer (plugin, kind of step) of the enabled plugins by each name that steps may give it."""
    found: dict[str, tuple[str, ApprovalStep]] = {}
    for plugin, declared in calls.declared(calls.plugins.approval_steps):
        found.setdefault(declared.id, (plugin, declared))
        found.setdefault(f"{plugin}.{declared.id}", (plugin, declared))
    return found


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
