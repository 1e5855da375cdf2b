"""The inbox: what waits for the actor, what they asked for, what they decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.jobs.clock_rows import latest_of
from loopline.meta.approval_deadlines import deadline_id
from loopline.meta.approvals import ApprovalDef
from loopline.query.titles import titles
from loopline.services.approvals.substitutes import stands_in_for
from loopline.store.approvals import Request, Seat, Step

MOST: Final = 100
"""Entries of one list; older ones are found at their records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """A request in somebody's inbox, told as they may read it.

    ``seat`` is the one that waits for them or that they decided on, ``for_user`` in whose name;
    ``due`` is until when the open step is to be decided, ``steps`` those that were reached, by
    number.
    """

    request: Request
    definition: ApprovalDef | None
    title: str
    step: Step | None
    seat: Seat | None
    for_user: int | None = None
    due: datetime | None = None
    steps: Mapping[int, str] = field(default_factory=dict)


def waiting(ctx: Context) -> list[Item]:
    """Answer what waits for the actor, those whom they stand in for included, oldest first."""
    me = ctx.actor.id
    if me is None:
        return []
    seats = store.waiting_seats(ctx.connection, {me} | stands_in_for(ctx, me))
    known = store.requests_by_id(ctx.connection, {one.approval for one in seats})
    pairs = [(known[one.approval], one) for one in seats[:MOST] if one.approval in known]
    return _items(
        ctx, [pair for pair in pairs if pair[0].state == "pending" and _may(ctx, pair[0])]
    )


def asked(ctx: Context) -> list[Item]:
    """Answer the newest requests of the actor."""
    me = ctx.actor.id
    found = [] if me is None else store.requests_by(ctx.connection, me, MOST)
    return _items(ctx, [(one, None) for one in found])


def decided(ctx: Context) -> list[Item]:
    """Answer what the actor decided last."""
    me = ctx.actor.id
    seats = [] if me is None else store.decided_seats(ctx.connection, me, MOST)
    known = store.requests_by_id(ctx.connection, {one.approval for one in seats})
    return _items(ctx, [(known[one.approval], one) for one in seats if one.approval in known])


def stuck(ctx: Context) -> list[Item]:
    """Answer the requests in which nobody can decide; for administrators, none for others."""
    if not ctx.actor.administrator:
        return []
    steps = store.stuck_steps(ctx.connection, MOST)
    known = store.requests_by_id(ctx.connection, {one.approval for one in steps})
    return _items(ctx, [(known[one.approval], None) for one in steps if one.approval in known])


def of_record(ctx: Context, entity: str, record: int, *, whole: bool = False) -> list[Item]:
    """Answer the newest request of each approval of a record that the actor may read.

    The ``whole`` of it are all requests, the newest first.
    """
    found = store.requests_of(ctx.connection, entity, record)
    newest: dict[str, Request] = {}
    for one in found:
        newest.setdefault(one.document, one)
    return _items(ctx, [(one, None) for one in (found if whole else newest.values())])


def seats_by_request(ctx: Context, items: Iterable[Item]) -> Mapping[int, Sequence[Seat]]:
    """Answer the seats of each request, those that stood for nothing left out."""
    found: dict[int, list[Seat]] = defaultdict(list)
    for seat in store.seats_of(ctx.connection, {one.request.id for one in items}):
        if seat.state != "closed":
            found[seat.approval].append(seat)
    return found


def _items(ctx: Context, pairs: Sequence[tuple[Request, Seat | None]]) -> list[Item]:
    """Answer the items whose records may be read: one query of titles for each entity."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for request, _ in pairs:
        wanted[request.entity].add(request.record)
    named = {entity: titles(ctx, entity, ids) for entity, ids in wanted.items()}
    reached = store.steps_of(ctx.connection, [request.id for request, _ in pairs])
    steps = {one.approval: one for one in reached}
    named_steps = {one.id: one.step for one in reached}
    ends = _ends(ctx, [request for request, _ in pairs], steps)
    return [
        Item(
            request=request,
            definition=_definition(ctx, request),
            title=named[request.entity][request.record],
            step=steps.get(request.id),
            seat=seat,
            for_user=_for(ctx, seat),
            due=ends.get(request.id),
            steps=named_steps,
        )
        for request, seat in pairs
        if request.record in named[request.entity]
    ]


def _may(ctx: Context, request: Request) -> bool:
    """Whether the actor may decide on a request at all: one's own only where that is allowed."""
    found = _definition(ctx, request)
    own = request.submitted_by == ctx.actor.id
    return not own or found is None or found.self_approval == "allow"


def _ends(
    ctx: Context, requests: Sequence[Request], steps: Mapping[int, Step]
) -> dict[int, datetime]:
    """Answer until when open steps are to be decided, by request: one query for each step."""
    asked: dict[tuple[str, str], dict[int, int]] = defaultdict(dict)
    for one in requests:
        step = steps.get(one.id)
        if one.state == "pending" and step is not None and step.state == "open":
            asked[one.entity, deadline_id(one.document, step.step)][one.record] = one.id
    return {
        by_record[record]: clock.due_at
        for (entity, name), by_record in asked.items()
        for record, clock in latest_of(ctx.connection, name, entity, by_record).items()
        if clock.finished_at is None
    }


def _for(ctx: Context, seat: Seat | None) -> int | None:
    if seat is None:
        return None
    return seat.user_id if seat.user_id != ctx.actor.id else seat.for_user


def _definition(ctx: Context, request: Request) -> ApprovalDef | None:
    catalog = ctx.snapshot.catalog
    known = catalog.has("approval", request.document)
    return catalog.approval(request.document) if known else None
