"""Deadlines: what the jobs of clocks do, once, when a step takes long or too long."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.meta.approval_deadlines import OVERDUE, REMIND, deadline_parts
from loopline.meta.approvals import StepDef
from loopline.services.approvals.case import Case, open_case
from loopline.services.approvals.seats import next_above
from loopline.services.approvals.step_clocks import begin_limit_anew
from loopline.services.approvals.telling import (
    tell,
    tell_administrators,
    tell_asker,
    tell_seat,
)
from loopline.services.approvals.trail import note
from loopline.services.clock_jobs import Passed, Performer
from loopline.store.approvals import Seat


@dataclass(frozen=True, slots=True)
class _Late:
    """An open step that takes long, and the seats on which nobody has decided."""

    case: Case
    step: StepDef
    seats: Sequence[Seat]


def deadline_performers() -> Mapping[str, Performer]:
    """Answer what passed marks of steps' clocks have done, by the action's name."""
    return {REMIND: remind, OVERDUE: go_on_late}


def remind(ctx: Context, passed: Passed) -> None:
    """Remind whoever has not decided, and whoever stands in for them today."""
    late = _late(ctx, passed)
    if late is not None:
        for seat in late.seats:
            tell_seat(ctx, late.case, seat.user_id, seat.id, "reminder")


def go_on_late(ctx: Context, passed: Passed) -> None:
    """Tell whoever asked and those who have not decided; or ask their managers in their place."""
    late = _late(ctx, passed)
    if late is None or not late.seats:
        return
    note(ctx, late.case, "overdue", step=late.step.id)
    tell_asker(ctx, late.case, "overdue")
    kept = [seat for seat in late.seats if not (late.step.escalates and _hand_up(ctx, late, seat))]
    for seat in kept:
        tell_seat(ctx, late.case, seat.user_id, seat.id, "overdue")
    if kept and late.step.escalates:
        tell_administrators(ctx, late.case, "overdue")
    if len(kept) < len(late.seats):
        begin_limit_anew(ctx, late.case, late.step)


def _late(ctx: Context, passed: Passed) -> _Late | None:
    """Answer what is late, locked; None where it was decided since."""
    approval, step = deadline_parts(passed.clock.clock) or ("", "")
    live = store.live_requests(ctx.connection, passed.record.entity, [passed.record.id])
    found = next((o for o in live if (o.document, o.state) == (approval, "pending")), None)
    if found is None:
        return None
    case = open_case(ctx, found.id)
    definition = case.definition.step(step)
    steps = store.steps_of(ctx.connection, [found.id])
    open_ones = {one.id for one in steps if (one.step, one.state) == (step, "open")}
    if definition is None or case.request.state != "pending" or not open_ones:
        return None
    seats = store.seats_of(ctx.connection, [found.id])
    waiting = [one for one in seats if one.step in open_ones and one.state == "waiting"]
    return _Late(case, definition, waiting)


def _hand_up(ctx: Context, late: _Late, seat: Seat) -> bool:
    """Give a seat to the next manager who can decide; answer whether there is one."""
    case = late.case
    seated = {
        one.user_id
        for one in store.seats_of(ctx.connection, [case.request.id])
        if one.step == seat.step and one.state in {"waiting", "queued", "approved"}
    }
    above = next_above(ctx, case, seat.user_id, seated)
    if above is None:
        return False
    values = {"step": seat.step, "origin": seat.origin, "after": seat.after, "state": "waiting"}
    fresh = store.add(
        ctx.connection, store.seat, approval=case.request.id, user_id=above, for_user=None, **values
    )
    store.change(ctx.connection, store.seat, seat.id, state="handed_on", decided_at=ctx.now)
    store.follow_instead(ctx.connection, seat.id, fresh)
    note(ctx, case, "escalate", step=late.step.id, for_user=seat.user_id, person=above)
    tell(ctx, case, "escalated", [seat.user_id])
    tell_seat(ctx, case, above, fresh)
    return True
