"""Handing over, for programs: a preview, and the act."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.services.handover import HandedOver, Holdings, hand_over, holdings
from loopline.services.people import user_by
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute


def show(ctx: Context, request: ApiRequest) -> Answer:
    """Answer what a user holds."""
    return Answer(content=_shape(holdings(ctx, request.record_id())))


def act(ctx: Context, request: ApiRequest) -> Answer:
    """Give it to the user that ``to`` names by number or e-mail address."""
    body = request.json()
    to = str(body.get("to", "")) if isinstance(body, dict) else ""
    done = hand_over(ctx, request.record_id(), user_by(ctx, to))
    return Answer(content=_told(ctx, done))


def _shape(held: Holdings) -> dict[str, Any]:
    records = [
        {"entity": one.entity, "field": one.field, "count": one.count, "filter": one.filter}
        for one in held.records
    ]
    return {"records": records, "approvals": held.seats}


def _told(ctx: Context, done: HandedOver) -> dict[str, Any]:
    kept = [
        {"path": one.path, "code": one.code, "message": ctx.messages.tell(one, ctx.actor.language)}
        for one in done.kept
    ]
    runs = [{"run": one.id, "entity": one.entity, "total": one.total} for one in done.runs]
    return {"runs": runs, "approvals": done.seats, "kept": kept}


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/access/users/{id:int}/holdings",
        handler=show,
        scope="read",
        summary="What somebody owns, is to do and to decide",
    ),
    ApiRoute(
        method="POST",
        path="/access/users/{id:int}/hand_over",
        handler=act,
        scope="write",
        summary="Give all of it to a successor",
    ),
)
