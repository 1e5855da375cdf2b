"""Comments on records over HTTP."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, NotFound, Problem
from loopline.services.comments import Comment, Said, add_comment, delete_comment, edit_comment
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.records import known_entity
from loopline.web.api.shapes import comment_shape

_PATH: Final = "/records/{entity}/{id:int}/comments"
_LONGEST_NUMBER: Final = 18


def post_comment(ctx: Context, request: ApiRequest) -> Answer:
    """Comment on a record."""
    entity = known_entity(ctx, request)
    said = add_comment(ctx, entity.id, request.record_id(), _text(request))
    return Answer(content=_shape(said), status=201)


def patch_comment(ctx: Context, request: ApiRequest) -> Answer:
    """Change one's own comment."""
    entity = known_entity(ctx, request)
    number = _number(request)
    said = edit_comment(ctx, entity.id, request.record_id(), number, _text(request))
    return Answer(content=_shape(said))


def remove_comment(ctx: Context, request: ApiRequest) -> Answer:
    """Delete one's own comment."""
    entity = known_entity(ctx, request)
    delete_comment(ctx, entity.id, request.record_id(), _number(request))
    return Answer(status=204)


def _shape(said: Said) -> dict[str, Any]:
    one: Comment = said.comment
    return {**comment_shape(one), "not_told": list(said.not_told)}


def _text(request: ApiRequest) -> str:
    body = request.json()
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    text = body.get("text")
    if not isinstance(text, str):
        raise BadRequest(Problem("text", "request.text"))
    return text


def _number(request: ApiRequest) -> int:
    text = request.path["comment"]
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise NotFound()
    return int(text)


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path=_PATH,
        handler=post_comment,
        scope="write",
        summary="Comment on a record; @name mentions a person",
        success=201,
    ),
    ApiRoute(
        method="PATCH",
        path=_PATH + "/{comment:int}",
        handler=patch_comment,
        scope="write",
        summary="Change one's own comment",
    ),
    ApiRoute(
        method="DELETE",
        path=_PATH + "/{comment:int}",
        handler=remove_comment,
        scope="write",
        summary="Delete one's own comment",
        success=204,
    ),
)
