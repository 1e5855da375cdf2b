"""Actions on records over HTTP."""

from collections.abc import Mapping
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.hooks.declarations import Result
from loopline.language import Label
from loopline.services import records
from loopline.services.actions import offered_for, run_action
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import refuse_large
from loopline.web.api.records import known_entity


def list_actions(ctx: Context, request: ApiRequest) -> Answer:
    """Answer what the actor may do to a record besides writing it."""
    record = records.get(ctx, known_entity(ctx, request).id, request.record_id())
    items = [
        {
            "id": one.action.id,
            "plugin": one.plugin,
            "label": dict(one.action.label),
            "settings": _plain(one.action.settings),
        }
        for one in offered_for(ctx, record)
    ]
    return Answer(content={"items": items})


def _plain(value: object) -> object:
    """Answer a schema as JSON knows it; labels are mappings, but no dicts."""
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def act(ctx: Context, request: ApiRequest) -> Answer:
    """Do an action to a record; the body holds its settings."""
    entity = known_entity(ctx, request)
    settings = request.json() if request.body.strip() else {}
    if not isinstance(settings, dict):
        raise BadRequest(Problem("body", "request.object"))
    refuse_large(settings, "settings")
    found = run_action(ctx, entity.id, [request.record_id()], request.path["action"], settings)
    return Answer(content=result_shape(ctx, found))


def result_shape(ctx: Context, result: Result) -> Mapping[str, Any]:
    """Answer what an action did: a message, the record to go on with, and data."""
    message = result.message
    if isinstance(message, Label):
        message = message.to(ctx.actor.language)
    record = result.record and {"entity": result.record[0], "id": result.record[1]}
    return {"message": message, "record": record, "data": dict(result.data)}


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}/actions",
        handler=list_actions,
        scope="read",
        summary="What may be done to a record",
    ),
    ApiRoute(
        method="POST",
        path="/records/{entity}/{id:int}/actions/{action}",
        handler=act,
        scope="write",
        summary="Do an action to a record",
    ),
)
