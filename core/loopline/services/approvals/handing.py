"""Handing on: a seat delegated or forwarded, a signer added, a stuck step asked again."""

from collections.abc import Mapping
from typing import Any

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotValid, Problem
from loopline.services.approvals.case import Case, open_case, require_right
from loopline.services.approvals.comments import comment_of, person_of
from loopline.services.approvals.decide import take_seat
from loopline.services.approvals.mine import Sitting, sit
from loopline.services.approvals.people import can_decide
from loopline.services.approvals.steps import reopen
from loopline.services.approvals.telling import tell_seat
from loopline.services.approvals.trail import note
from loopline.services.approvals.verdict import SIGNER
from loopline.store.approvals import Request


def delegate(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Let the user ``to`` decide in one's name. Raises as approving does, NotValid for whom not."""
    sitting = sit(ctx, entity, record_id, settings)
    whose = sitting.seat.for_user or sitting.seat.user_id
    return _hand_on(ctx, sitting, "delegate", settings, whose)


def forward(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Let the user ``to`` decide instead, in their own name."""
    sitting = sit(ctx, entity, record_id, settings)
    return _hand_on(ctx, sitting, "forward", settings, None)


def add_signer(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Ask the user ``to`` besides: ``before`` oneself, or ``after`` (usual)."""
    sitting = sit(ctx, entity, record_id, settings)
    case, person = sitting.case, _person(ctx, sitting, settings)
    first = settings.get("place") == "before"
    comment = comment_of(settings)
    seat = _seat(
        ctx,
        sitting,
        person,
        origin=SIGNER,
        after=None if first else sitting.seat.id,
        state="waiting" if first else "queued",
    )
    if first:
        store.change(ctx.connection, store.seat, sitting.seat.id, state="queued", after=seat)
        tell_seat(ctx, case, person, seat)
    else:
        store.follow_instead(ctx.connection, sitting.seat.id, seat)
    note(
        ctx,
        case,
        "add_signer",
        step=sitting.step.step,
        comment=comment,
        for_user=sitting.for_user,
        person=person,
        place="before" if first else "after",
    )
    return case.as_of(ctx).request


def retry(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Request:
    """Ask again in a step in which nobody could decide.

    Whoever asked and administrators may; an administrator may name with ``to`` who stands in for
    those who are not there.
    """
    number = _stuck(ctx, entity, record_id, str(settings.get("approval") or ""))
    case = open_case(ctx, number)
    require_right(ctx, case.record)
    asker = ctx.actor.id is not None and ctx.actor.id == case.request.submitted_by
    if not (ctx.actor.administrator or asker):
        raise Forbidden(code="approval.not_yours")
    steps = [one for one in store.steps_of(ctx.connection, [number]) if one.state == "stuck"]
    definition = case.definition.step(steps[-1].step) if steps else None
    if definition is None:
        raise Conflict(code="approval.not_stuck")
    stand_in = None
    if settings.get("to"):
        if not ctx.actor.administrator:
            raise Forbidden(code="approval.not_yours")
        stand_in = _able(ctx, case, person_of(ctx, settings))
    reopen(ctx, case, definition, stand_in, comment_of(settings))
    return case.as_of(ctx).request


def _stuck(ctx: Context, entity: str, record_id: int, document: str) -> int:
    pending = [
        one
        for one in store.live_requests(ctx.connection, entity, [record_id])
        if one.state == "pending" and document in {"", one.document}
    ]
    steps = store.steps_of(ctx.connection, [one.id for one in pending])
    found = {one.approval for one in steps if one.state == "stuck"}
    if not found:
        raise Conflict(code="approval.not_stuck")
    if len(found) > 1:
        known = ", ".join(one.document for one in pending if one.id in found)
        raise NotValid(Problem("settings.approval", "approval.which", {"known": known}))
    return found.pop()


def _hand_on(
    ctx: Context, sitting: Sitting, act: str, settings: Mapping[str, Any], whose: int | None
) -> Request:
    case, person, comment = sitting.case, _person(ctx, sitting, settings), comment_of(settings)
    held = {"origin": sitting.seat.origin, "after": sitting.seat.after}
    seat = _seat(ctx, sitting, person, for_user=whose, **held)
    take_seat(ctx, sitting, "handed_on", comment)
    store.follow_instead(ctx.connection, sitting.seat.id, seat)
    note(
        ctx,
        case,
        act,
        step=sitting.step.step,
        comment=comment,
        for_user=sitting.for_user,
        person=person,
    )
    tell_seat(ctx, case, person, seat)
    return case.as_of(ctx).request


def _seat(ctx: Context, sitting: Sitting, person: int, **values: object) -> int:
    """Add a seat to the step at which somebody sits."""
    given = {"state": "waiting", "for_user": None, **values}
    request, step = sitting.case.request.id, sitting.step.id
    return store.add(
        ctx.connection, store.seat, approval=request, step=step, user_id=person, **given
    )


def _person(ctx: Context, sitting: Sitting, settings: Mapping[str, Any]) -> int:
    """Answer whom the settings name, where they can take a seat. Raises NotValid."""
    person = _able(ctx, sitting.case, person_of(ctx, settings))
    seated = {
        one.user_id
        for one in store.seats_of(ctx.connection, [sitting.case.request.id])
        if one.step == sitting.step.id and one.state in {"waiting", "queued", "approved"}
    }
    if person in seated:
        raise NotValid(Problem("settings.to", "approval.seated"))
    return person


def _able(ctx: Context, case: Case, person: int) -> int:
    if person == case.request.submitted_by and case.definition.self_approval != "allow":
        raise NotValid(Problem("settings.to", "approval.own_request"))
    if not can_decide(ctx, case.record, person):
        raise NotValid(Problem("settings.to", "approval.unable"))
    return person
