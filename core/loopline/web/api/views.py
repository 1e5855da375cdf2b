"""Saved views over HTTP."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, NotFound, Problem
from loopline.meta.entities import EntityDef
from loopline.services.saved_views import (
    SavedView,
    ViewWish,
    change_view,
    choose_view,
    default_view,
    delete_view,
    save_view,
    saved_view,
    saved_views,
)
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.records import known_entity

_CHOICES: Final = frozenset({"pinned", "default"})
_KEPT: Final = frozenset({"name", "state", "shared", "role"})


def list_views(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the saved views of an entity, and the view documents beside them."""
    entity = known_entity(ctx, request)
    chosen = default_view(ctx, entity.id)
    documents = [
        {"id": one.id, "label": dict(one.label), "default": one.id == chosen}
        for one in ctx.catalog.views(entity.id)
    ]
    items = [_shape(one) for one in saved_views(ctx, entity.id)]
    return Answer(content={"items": items, "documents": documents})


def post_view(ctx: Context, request: ApiRequest) -> Answer:
    """Save a view."""
    entity = known_entity(ctx, request)
    body = _body(request)
    wish = _wish(body, ViewWish(name="", state={}))
    made = _choose(ctx, entity, save_view(ctx, entity.id, wish), body)
    return Answer(content=_shape(made), status=201)


def patch_view(ctx: Context, request: ApiRequest) -> Answer:
    """Change a view, or whether one has it pinned or first."""
    entity, body = known_entity(ctx, request), _body(request)
    held = saved_view(ctx, entity.id, _number(request))
    if body.keys() & _KEPT:
        before = ViewWish(name=held.name, state=held.state, shared=held.shared, role=held.role)
        held = change_view(ctx, entity.id, held.id, _wish(body, before))
    return Answer(content=_shape(_choose(ctx, entity, held, body)))


def remove_view(ctx: Context, request: ApiRequest) -> Answer:
    """Delete a view."""
    delete_view(ctx, known_entity(ctx, request).id, _number(request))
    return Answer(status=204)


def _choose(ctx: Context, entity: EntityDef, one: SavedView, body: dict[str, Any]) -> SavedView:
    if not body.keys() & _CHOICES:
        return one
    pinned, default = body.get("pinned", one.pinned), body.get("default", one.default)
    choose_view(ctx, entity.id, one.key, pinned=pinned, default=default)
    return saved_view(ctx, entity.id, one.id)


def _shape(one: SavedView) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "owner": one.owner,
        "shared": one.shared,
        "role": one.role or None,
        "state": dict(one.state),
        "may_edit": one.may_edit,
        "pinned": one.pinned,
        "default": one.default,
        "missing": list(one.missing),
    }


def _body(request: ApiRequest) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    wrong = [
        Problem(name, "view.state", {"name": name})
        for name, value in body.items()
        if not _is_right(name, value)
    ]
    if wrong:
        raise BadRequest(*wrong)
    return body


def _is_right(name: str, value: object) -> bool:
    if name in _CHOICES:
        return isinstance(value, bool)
    if name == "state":
        return isinstance(value, dict)
    return name in _KEPT and isinstance(value, str)


def _wish(body: dict[str, Any], before: ViewWish) -> ViewWish:
    return ViewWish(
        name=body.get("name", before.name),
        state=body.get("state", before.state),
        shared=body.get("shared", before.shared),
        role=body.get("role", before.role),
    )


def _number(request: ApiRequest) -> int:
    text = request.path["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound()
    return int(text)


_PATH: Final = "/views/{entity}"
_ONE: Final = _PATH + "/{id:int}"
ROUTES: Final = (
    ApiRoute(
        method="GET", path=_PATH, handler=list_views, scope="read", summary="Saved views of a list"
    ),
    ApiRoute(
        method="POST",
        path=_PATH,
        handler=post_view,
        scope="write",
        summary="Save the state of a list as a view",
        success=201,
    ),
    ApiRoute(
        method="PATCH",
        path=_ONE,
        handler=patch_view,
        scope="write",
        summary="Change a saved view, pin it, begin with it",
    ),
    ApiRoute(
        method="DELETE",
        path=_ONE,
        handler=remove_view,
        scope="write",
        summary="Delete a saved view",
        success=204,
    ),
)
