"""Clocks of steps: what runs on a record while a step is open.

A step's own limit is a clock on the calendar of its document; a step may besides name a clock
document, which does what that says.
"""

from collections.abc import Iterator

from loopline.access.context import Context
from loopline.jobs import clocks
from loopline.jobs.clock_times import ClockPlan
from loopline.meta.approval_deadlines import deadline_id
from loopline.meta.approvals import StepDef
from loopline.services.approvals.case import Case
from loopline.services.clock_following import plan_of


def start_clocks(ctx: Context, case: Case, step: StepDef) -> None:
    """Start what runs while a step is open."""
    for plan in _plans(ctx, case, step):
        clocks.restart(ctx.connection, plan, case.record.id, ctx.now)


def stop_clocks(ctx: Context, case: Case, step: StepDef, *, met: bool) -> None:
    """Stop what runs for a step; ``met`` is whether it was decided."""
    for plan in _plans(ctx, case, step):
        clocks.stop(ctx.connection, plan, case.record.id, ctx.now, met=met)


def begin_limit_anew(ctx: Context, case: Case, step: StepDef) -> None:
    """Let the limit of a step run afresh for those who are asked now; the old one was missed."""
    plan = plan_of(ctx, deadline_id(case.definition.id, step.id))
    if plan is not None:
        clocks.stop(ctx.connection, plan, case.record.id, ctx.now)
        clocks.start(ctx.connection, plan, case.record.id, ctx.now)


def _plans(ctx: Context, case: Case, step: StepDef) -> Iterator[ClockPlan]:
    """Yield the clocks of a step; one of another entity does not fit and is left alone."""
    for name in (step.clock, deadline_id(case.definition.id, step.id)):
        plan = plan_of(ctx, name) if name else None
        if plan is not None and plan.definition.entity == case.record.entity:
            yield plan
