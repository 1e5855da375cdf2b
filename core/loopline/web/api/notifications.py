"""Notifications over HTTP."""

from typing import Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.services import notifications
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST, flag, whole_number
from loopline.web.api.shapes import moment

_MOST: Final = 200


def list_notifications(ctx: Context, request: ApiRequest) -> Answer:
    """Answer what the actor was told, newest first."""
    found = notifications.notifications(
        ctx,
        limit=whole_number(request.query, "limit", 30, _MOST),
        before=whole_number(request.query, "before", LARGEST),
        unread=flag(request.query, "unread"),
    )
    items = [
        {
            "id": one.id,
            "kind": one.kind,
            "text": one.text,
            "excerpt": one.excerpt,
            "entity": one.entity or None,
            "record": one.record,
            "by": one.by,
            "at": moment(one.at),
            "read": one.read,
        }
        for one in found.items
    ]
    unread = notifications.unread_count(ctx)
    return Answer(content={"items": items, "next": found.next, "unread": unread})


def read_notifications(ctx: Context, request: ApiRequest) -> Answer:
    """Mark notifications read: those of ``ids``, or all."""
    body = request.json() if request.body.strip() else {}
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    ids = body.get("ids")
    whole = isinstance(ids, list) and all(type(one) is int and abs(one) <= LARGEST for one in ids)
    if ids is not None and not whole:
        raise BadRequest(Problem("ids", "request.ids"))
    return Answer(content={"read": notifications.mark_read(ctx, ids)})


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/notifications",
        handler=list_notifications,
        scope="read",
        summary="What one was told",
        parameters=("before", "limit", "unread"),
    ),
    ApiRoute(
        method="POST",
        path="/notifications/read",
        handler=read_notifications,
        scope="write",
        summary="Mark notifications read",
    ),
)
