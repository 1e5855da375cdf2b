"""Approvals over HTTP: what waits for somebody, and how a record stands."""

from collections.abc import Mapping
from typing import Any, Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.services import records
from loopline.services.approvals import inbox
from loopline.services.approvals.inbox import Item
from loopline.store.approvals import Seat
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import flag
from loopline.web.api.records import known_entity
from loopline.web.api.shapes import moment


def list_tasks(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the seats that wait for the actor; without ``mine`` also what they asked for."""
    mine = flag(request.query, "mine")
    found = inbox.waiting(ctx) if mine else [*inbox.waiting(ctx), *inbox.asked(ctx)]
    return Answer(content={"items": [_task(ctx, one) for one in found]})


def record_approvals(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the newest request of each approval of a record, with seats and trail.

    With ``all`` also the requests before it, the newest first.
    """
    record = records.get(ctx, known_entity(ctx, request).id, request.record_id())
    whole = flag(request.query, "all")
    found = inbox.of_record(ctx, record.entity, record.id, whole=whole)
    seats = inbox.seats_by_request(ctx, found)
    events = store.events_of(ctx.connection, [one.request.id for one in found])
    items = [
        {
            **_request(ctx, one),
            "seats": [_seat(seat) for seat in seats.get(one.request.id, ())],
            "events": [
                {
                    "at": moment(event.at),
                    "act": event.act,
                    "step": event.step,
                    "actor": event.actor,
                    "for": event.for_user,
                    "comment": event.comment,
                }
                for event in events
                if event.approval == one.request.id
            ],
        }
        for one in found
    ]
    return Answer(content={"items": items})


def _task(ctx: Context, item: Item) -> Mapping[str, Any]:
    seat = item.seat
    return {
        "kind": "approval",
        "seat": seat.id if seat else None,
        "for": item.for_user,
        **_request(ctx, item),
    }


def _request(ctx: Context, item: Item) -> dict[str, Any]:
    one = item.request
    label = item.definition.label.to(ctx.actor.language) if item.definition else one.document
    return {
        "id": one.id,
        "approval": one.document,
        "label": label,
        "entity": one.entity,
        "record": one.record,
        "title": item.title,
        "state": one.state,
        "round": one.round,
        "step": item.step.step if item.step else None,
        "stuck": bool(item.step and item.step.state == "stuck"),
        "submitted_by": one.submitted_by,
        "submitted_at": moment(one.submitted_at),
        "comment": one.comment,
    }


def _seat(seat: Seat) -> Mapping[str, Any]:
    return {
        "id": seat.id,
        "user": seat.user_id,
        "for": seat.for_user,
        "state": seat.state,
        "decided_by": seat.decided_by,
        "decided_at": moment(seat.decided_at),
        "comment": seat.comment,
    }


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/tasks",
        handler=list_tasks,
        scope="read",
        summary="What waits for whoever asks",
        parameters=("mine",),
    ),
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}/approvals",
        handler=record_approvals,
        scope="read",
        summary="How the approvals of a record stand; with all, the rounds before too",
        parameters=("all",),
    ),
)
