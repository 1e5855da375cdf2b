"""Access over HTTP: who may do what, and why."""

from typing import Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.services.explain_access import explain_access
from loopline.services.people import user_by
from loopline.services.standing import disable_account, enable_account
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST, whole_number


def explain(ctx: Context, request: ApiRequest) -> Answer:
    """Answer whether somebody may do something; one's own rights where no user is named."""
    given = request.query
    missing = [name for name in ("action", "entity") if not given.get(name)]
    if missing:
        raise BadRequest(*(Problem(name, "field.required", {"label": name}) for name in missing))
    user = user_by(ctx, given["user"]) if given.get("user") else ctx.actor.id or 0
    record = whole_number(given, "id", LARGEST) if given.get("id") else None
    return Answer(
        content=explain_access(ctx, user, given["action"], given["entity"], record).shape()
    )


def disable(ctx: Context, request: ApiRequest) -> Answer:
    """Take every way in from a user."""
    user = request.record_id()
    disable_account(ctx, user)
    return Answer(content={"id": user, "disabled": True})


def enable(ctx: Context, request: ApiRequest) -> Answer:
    """Let a disabled user sign in again."""
    user = request.record_id()
    enable_account(ctx, user)
    return Answer(content={"id": user, "disabled": False})


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/access/explain",
        handler=explain,
        scope="read",
        summary="Whether somebody may do something, why, and what would change it",
        parameters=("user", "action", "entity", "id"),
    ),
    ApiRoute(
        method="POST",
        path="/access/users/{id:int}/disable",
        handler=disable,
        scope="write",
        summary="Take every way in from a user: password, sessions, tokens",
    ),
    ApiRoute(
        method="POST",
        path="/access/users/{id:int}/enable",
        handler=enable,
        scope="write",
        summary="Let a disabled user sign in again",
    ),
)
