"""Mine: the seat on which the actor decides, found and locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotFound, NotValid, Problem
from loopline.services.approvals.case import Case, open_case, require_right
from loopline.services.approvals.substitutes import stands_in_for
from loopline.store.approvals import Request, Seat, Step


@dataclass(frozen=True, slots=True)
class Sitting:
    """Somebody at a seat that waits for them; ``for_user`` is in whose name they act."""

    case: Case
    step: Step
    seat: Seat
    for_user: int | None


def sit(ctx: Context, entity: str, record_id: int, settings: Mapping[str, Any]) -> Sitting:
    """Answer the seat of the actor on a record, locked with its request.

    ``seat`` names one, ``approval`` the document where several wait. Raises NotFound, Forbidden for
    those who are not asked, Conflict where it was decided or voided meanwhile, NotValid where
    several wait and none is named.
    """
    users = _users(ctx)
    named = settings.get("seat")
    if named is not None:
        seat = _named(ctx, entity, record_id, int(named), users)
    else:
        seat = _only(ctx, entity, record_id, str(settings.get("approval") or ""), users)
    case = open_case(ctx, seat.approval)
    require_right(ctx, case.record)
    fresh = store.seat_by_id(ctx.connection, seat.id)
    if fresh is None or fresh.state != "waiting" or case.request.state != "pending":
        raise gone(case.request, fresh or seat)
    refuse_own(ctx, case)
    step = next(s for s in store.steps_of(ctx.connection, [case.request.id]) if s.id == fresh.step)
    return Sitting(case, step, fresh, _in_whose_name(ctx, fresh))


def refuse_own(ctx: Context, case: Case) -> None:
    """Raise Forbidden where whoever asked would decide and the document does not let them."""
    own = ctx.actor.id is not None and ctx.actor.id == case.request.submitted_by
    if own and case.definition.self_approval != "allow":
        raise Forbidden(code="approval.own_request")


def gone(request: Request, seat: Seat) -> Conflict:
    """Answer the refusal for a seat that waits no more, saying why."""
    if request.state == "voided":
        return Conflict(code="approval.voided")
    if seat.state in {"approved", "rejected", "returned"}:
        return Conflict(code="approval.decided")
    if seat.state == "queued":
        return Conflict(code="approval.not_your_turn")
    return Conflict(code="approval.not_open")


def _users(ctx: Context) -> frozenset[int]:
    """Answer on whose seats the actor may decide."""
    me = ctx.actor.id
    return frozenset() if me is None else frozenset({me}) | stands_in_for(ctx, me)


def _in_whose_name(ctx: Context, seat: Seat) -> int | None:
    return seat.user_id if seat.user_id != ctx.actor.id else seat.for_user


def _named(ctx: Context, entity: str, record: int, number: int, users: frozenset[int]) -> Seat:
    seat = store.seat_by_id(ctx.connection, number)
    request = store.request_by_id(ctx.connection, seat.approval) if seat else None
    if seat is None or request is None or (request.entity, request.record) != (entity, record):
        raise NotFound(code="approval.not_found", id=number)
    if seat.user_id not in users:
        raise Forbidden(code="approval.not_asked")
    return seat


def _only(ctx: Context, entity: str, record: int, document: str, users: frozenset[int]) -> Seat:
    requests = [
        one
        for one in store.requests_of(ctx.connection, entity, record)
        if document in {"", one.document}
    ]
    if not requests:
        raise NotValid(Problem("approval", "approval.none"))
    mine = [
        one
        for one in store.seats_of(ctx.connection, [one.id for one in requests])
        if one.user_id in users
    ]
    waiting = [one for one in mine if one.state == "waiting"]
    if not waiting:
        raise _why_none(requests, mine)
    own = [one for one in waiting if one.user_id == ctx.actor.id] or waiting
    if len({one.approval for one in own}) > 1:
        known = {one.id: one.document for one in requests}
        names = ", ".join(sorted({known[one.approval] for one in own}))
        raise NotValid(Problem("settings.approval", "approval.which", {"known": names}))
    return own[0]


def _why_none(requests: Sequence[Request], mine: Sequence[Seat]) -> Conflict | Forbidden:
    if not mine:
        return Forbidden(code="approval.not_asked")
    last = mine[-1]
    return gone(next(one for one in requests if one.id == last.approval), last)
