"""Bulk acts over HTTP."""

from collections.abc import Mapping
from typing import Any, Final, cast

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.services.bulk import Act, BulkRequest, find_run, start
from loopline.store.bulk import BulkRun
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST, refuse_large
from loopline.web.api.records import known_entity

_ACTS: Final = ("update", "delete", "action")
_KEYS: Final = frozenset({"act", "action", "settings", "fields", "ids", "filter", "q"})


def act_on_many(ctx: Context, request: ApiRequest) -> Answer:
    """Change, delete or act on the records named, or on all that a filter and a search find."""
    entity, body = known_entity(ctx, request), request.json()
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    unknown = sorted(set(body) - _KEYS)
    if unknown:
        params = {"name": ", ".join(unknown), "known": ", ".join(sorted(_KEYS))}
        raise BadRequest(Problem("body", "request.parameter", params))
    act = body.get("act")
    if act not in _ACTS:
        params = {"allowed": ", ".join(_ACTS), "value": str(act)}
        raise BadRequest(Problem("act", "request.choice", params))
    settings = _map(body, "fields" if act == "update" else "settings")
    if act == "action":
        refuse_large(settings, "settings")
    run = start(
        ctx,
        BulkRequest(
            entity=entity.id,
            act=cast("Act", act),
            action=str(body.get("action", "")),
            settings=settings,
            ids=_ids(body),
            filter=str(body.get("filter", "")),
            q=str(body.get("q", "")),
        ),
    )
    return Answer(content=run_shape(run), status=200 if run.state == "done" else 202)


def show_run(ctx: Context, request: ApiRequest) -> Answer:
    """Answer how far a bulk run is, and what was refused."""
    return Answer(content=run_shape(find_run(ctx, request.record_id())))


def run_shape(run: BulkRun) -> Mapping[str, Any]:
    """Answer a run: its state, its numbers, and the first reasons."""
    return {
        "run": run.id,
        "state": run.state,
        "total": run.total,
        "done": run.done,
        "refused": run.refused,
        "problems": [{"id": record, "message": text} for record, text in run.reasons],
    }


def _ids(body: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Answer the records named, None where a filter says which. Raises BadRequest."""
    if "ids" not in body:
        if "filter" not in body and "q" not in body:
            raise BadRequest(Problem("ids", "bulk.which"))
        return None
    ids = body["ids"]
    if not isinstance(ids, list) or not all(type(one) is int and 0 < one <= LARGEST for one in ids):
        raise BadRequest(Problem("ids", "bulk.ids"))
    return tuple(ids)


def _map(body: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = body.get(key, {})
    if not isinstance(found, dict):
        raise BadRequest(Problem(key, "request.object"))
    return found


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/records/{entity}/bulk",
        handler=act_on_many,
        scope="write",
        summary="Change, delete or act on many records",
    ),
    ApiRoute(
        method="GET",
        path="/bulk/{id:int}",
        handler=show_run,
        scope="read",
        summary="How far a bulk run is, and what was refused",
    ),
)
