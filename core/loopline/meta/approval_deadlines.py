"""Deadlines of steps: each is a clock like any other, made from what its approval says."""

from collections.abc import Iterator
from typing import Final

from loopline.language import LANGUAGES, Label
from loopline.meta.approvals import ApprovalDef, StepDef
from loopline.meta.catalog import Catalog
from loopline.meta.clocks import ClockAction, ClockDef, MarkDef

REMIND: Final = "approval.remind"
OVERDUE: Final = "approval.overdue"
"""The actions of such clocks; no plugin can register names like these."""
_MARK: Final = "remind"
_PREFIX: Final = "approval"


def deadline_id(approval: str, step: str) -> str:
    """Answer what the clock of a step is called; no clock document can be called that."""
    return f"{_PREFIX}:{approval}:{step}"


def deadline_parts(clock: str) -> tuple[str, str] | None:
    """Answer the approval and the step whose clock it is; None for one of a document."""
    prefix, _, rest = clock.partition(":")
    approval, _, step = rest.partition(":")
    return (approval, step) if prefix == _PREFIX and step else None


def deadline_clock(catalog: Catalog, clock: str) -> ClockDef | None:
    """Answer the clock of a step by its id; None where there is no such step with a limit."""
    parts = deadline_parts(clock)
    if parts is None or not catalog.has("approval", parts[0]):
        return None
    approval = catalog.approval(parts[0])
    step = approval.step(parts[1])
    return None if step is None or step.due is None else _clock(approval, step)


def deadline_clocks(catalog: Catalog, entity: str) -> Iterator[ClockDef]:
    """Yield the clocks of all steps with a limit, of the approvals of an entity."""
    for approval in catalog.approvals.get(entity, ()):
        yield from (_clock(approval, step) for step in approval.steps if step.due is not None)


def _clock(approval: ApprovalDef, step: StepDef) -> ClockDef:
    label = Label({one: f"{approval.label.to(one)} · {step.label.to(one)}" for one in LANGUAGES})
    remind = MarkDef(id=_MARK, label=label, after=None, before=step.remind, actions=_do(REMIND))
    return ClockDef(
        id=deadline_id(approval.id, step.id),
        label=label,
        entity=approval.entity,
        calendar=approval.calendar,
        start_when="",
        stop_when="",
        restart_on=(),
        pauses=(),
        due=step.due,
        due_field="",
        marks=(remind,) if step.remind is not None else (),
        actions=_do(OVERDUE),
    )


def _do(action: str) -> tuple[ClockAction, ...]:
    return (ClockAction(id=action, do=action, settings={}),)
