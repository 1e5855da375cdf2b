"""Steps: opened one after the other, passed, stuck or rejected, until the request is through."""

from collections.abc import Mapping, Sequence
from typing import Literal

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.hooks.declarations import Approved, Rejected, Waiting
from loopline.language import Label
from loopline.meta.approval_effects import Outcome
from loopline.meta.approvals import StepDef
from loopline.services.approvals.acting import acting_at, by_itself
from loopline.services.approvals.case import Case, holds
from loopline.services.approvals.outcomes import write_outcome
from loopline.services.approvals.people import can_decide
from loopline.services.approvals.plugin_steps import Unanswered, ask_plugin
from loopline.services.approvals.seats import find_seats, is_enough
from loopline.services.approvals.step_clocks import start_clocks, stop_clocks
from loopline.services.approvals.telling import tell_administrators, tell_asker, tell_seat
from loopline.services.approvals.trail import note
from loopline.services.approvals.verdict import verdict
from loopline.services.approvals.wording import in_words
from loopline.store.approvals import Seat, Step

Entered = Literal["waits", "passed", "ended"]


def go_on(ctx: Context, case: Case, after: str | None = None) -> None:
    """Open the next step that applies, after the one named; without any left it is approved."""
    steps = list(case.definition.steps)
    names = [step.id for step in steps]
    rest = steps[names.index(after) + 1 :] if after in names else steps if after is None else []
    for step in rest:
        if not holds(ctx, case.record, step.when):
            note(by_itself(ctx), case, "skipped", step=step.id, why="condition")
        elif enter(ctx, case, step) != "passed":
            return
    finish(ctx, case, "approved")


def enter(ctx: Context, case: Case, step: StepDef, stand_in: int | None = None) -> Entered:
    """Open a step and ask whom it asks."""
    if step.kind and stand_in is None:
        return _enter_plugin(ctx, case, step)
    found = find_seats(ctx, case, step, stand_in)
    people = found.people or ([stand_in] if stand_in is not None else [])
    if step.kind or is_enough(step, found):
        _open(ctx, case, step, people, found.unable)
        return "waits"
    if found.left_out and not found.people and not found.empty:
        note(by_itself(ctx), case, "skipped", step=step.id, why="own")
        return "passed"
    lacking = found.empty or [one.told for one in step.approvers]
    _stick(ctx, case, step, "approval.stuck_nobody", {"who": "; ".join(lacking)}, found.unable)
    return "waits"


def reopen(
    ctx: Context,
    case: Case,
    step: StepDef,
    stand_in: int | None = None,
    comment: str | None = None,
) -> None:
    """Ask again in a step in which nobody could decide, and go on where it passes at once."""
    store.close_open(ctx.connection, case.request.id, "closed", ctx.now)
    note(ctx, case, "retry", step=step.id, comment=comment, person=stand_in)
    if enter(ctx, case, step, stand_in) == "passed":
        go_on(ctx, case, step.id)


def _enter_plugin(ctx: Context, case: Case, step: StepDef) -> Entered:
    answer = ask_plugin(ctx, case, step)
    match answer:
        case Approved():
            note(by_itself(ctx), case, "passed", step=step.id, why="plugin")
            return "passed"
        case Rejected():
            said = answer.reason
            reason = said.to(ctx.actor.language) if isinstance(said, Label) else said
            note(by_itself(ctx), case, "step_rejected", step=step.id, comment=reason)
            finish(ctx, case, "rejected", reason)
            return "ended"
        case Waiting():
            return _seat_for_plugin(ctx, case, step, answer)
        case Unanswered():
            _stick(ctx, case, step, answer.code, answer.params, ())
            return "waits"


def _seat_for_plugin(ctx: Context, case: Case, step: StepDef, answer: Waiting) -> Entered:
    asker = case.request.submitted_by if case.definition.self_approval != "allow" else None
    named = [one for one in dict.fromkeys(answer.seats) if one != asker]
    able = [one for one in named if can_decide(ctx, case.record, one)]
    needed = len(answer.seats) if answer.needed is None else answer.needed
    unable = [one for one in answer.seats if one not in able]
    if not able or needed > len(able) or needed < 1:
        _stick(ctx, case, step, "approval.stuck_nobody", {"who": step.kind}, unable)
    else:
        _open(ctx, case, step, able, unable, needed)
    return "waits"


def _open(
    ctx: Context,
    case: Case,
    step: StepDef,
    people: Sequence[int],
    unable: Sequence[int],
    needed: int | None = None,
) -> None:
    """Write the step and its seats; whoever may decide at once is told."""
    mode = "count" if needed is not None else "all" if step.kind else step.mode
    least = needed if needed is not None else step.count if mode == "count" else 1
    number = _write_step(ctx, case, step, mode=mode, needed=least, state="open")
    before: int | None = None
    for user in people:
        queued = mode == "sequence" and before is not None
        seat = store.add(
            ctx.connection,
            store.seat,
            approval=case.request.id,
            step=number,
            user_id=user,
            origin="asked",
            after=before if queued else None,
            state="queued" if queued else "waiting",
        )
        if not queued:
            tell_seat(ctx, case, user, seat)
        before = seat
    note(ctx, case, "asked", step=step.id, people=list(people), unable=list(unable))
    start_clocks(ctx, case, step)


def _stick(
    ctx: Context,
    case: Case,
    step: StepDef,
    code: str,
    params: Mapping[str, str],
    unable: Sequence[int],
) -> None:
    """Note that nobody can decide a step, and tell those who can mend it."""
    _write_step(ctx, case, step, state="stuck", reason=[code, dict(params)])
    told = dict(params)
    if "who" in told:
        told["who"] = in_words(ctx, case.request.entity, step, told["who"])
    said = ctx.messages.say(code, ctx.actor.language, **told)
    _tell_stuck(ctx, case, step.id, said, unable)


def stick_open(ctx: Context, case: Case, step: Step, who: str, unable: Sequence[int]) -> None:
    """Note that an open step lost the people who could decide it, and tell who can mend that."""
    reason = ["approval.stuck_nobody", {"who": who}]
    store.change(ctx.connection, store.step, step.id, state="stuck", reason=reason)
    definition = case.definition.step(step.step)
    if definition is not None:
        stop_clocks(ctx, case, definition, met=False)
    said = ctx.messages.say("approval.stuck_nobody", ctx.actor.language, who=who)
    _tell_stuck(ctx, case, step.step, said, unable)


def _tell_stuck(ctx: Context, case: Case, step: str, said: str, unable: Sequence[int]) -> None:
    note(by_itself(ctx), case, "stuck", step=step, comment=said, unable=list(unable))
    tell_administrators(ctx, case, "stuck")
    tell_asker(ctx, case, "stuck")


def _write_step(ctx: Context, case: Case, step: StepDef, **values: object) -> int:
    """Write a step as it is reached: what is not given is as the document says."""
    given = {"mode": step.mode, "needed": step.count, **values}
    request = case.request.id
    return store.add(
        ctx.connection, store.step, approval=request, step=step.id, opened_at=ctx.now, **given
    )


def settle(ctx: Context, case: Case, step: Step, comment: str | None = None) -> None:
    """After a decision: ask whom it was waiting for, and go on or end where the step is decided."""
    seats = [
        one for one in store.seats_of(ctx.connection, [case.request.id]) if one.step == step.id
    ]
    match verdict(step, seats):
        case "rejected":
            finish(ctx, case, "rejected", comment)
        case "passed":
            close(ctx, case, step, "passed")
            note(ctx, case, "passed", step=step.step)
            go_on(ctx, case, step.step)
        case _:
            _call_up(ctx, case, seats)


def _call_up(ctx: Context, case: Case, seats: Sequence[Seat]) -> None:
    """Ask those whose turn it is now."""
    agreed = {one.id for one in seats if one.state == "approved"}
    for seat in seats:
        if seat.state == "queued" and (seat.after is None or seat.after in agreed):
            store.change(ctx.connection, store.seat, seat.id, state="waiting")
            tell_seat(ctx, case, seat.user_id, seat.id)


def close(ctx: Context, case: Case, step: Step, state: str) -> None:
    """Close an open step and the seats that nobody used."""
    store.close_open(ctx.connection, case.request.id, state, ctx.now)
    definition = case.definition.step(step.step)
    if definition is not None:
        stop_clocks(ctx, case, definition, met=state == "passed")


def finish(ctx: Context, case: Case, state: Outcome, comment: str | None = None) -> None:
    """End a request: close what is open of it, tell whoever asked, write what the document sets."""
    for step in store.steps_of(ctx.connection, [case.request.id]):
        if step.state in {"open", "stuck"}:
            close(ctx, case, step, "rejected" if state == "rejected" else "closed")
    number = case.request.id
    store.change(ctx.connection, store.approval, number, state=state, finished_at=ctx.now)
    acting = acting_at(ctx, case, state)
    if state in {"approved", "rejected"}:
        note(acting, case, state, comment=comment)
        tell_asker(ctx, case, state)
    write_outcome(acting, case, state)
