"""Public forms over HTTP: what a website's own page sends on, without a token."""

from collections.abc import Mapping
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, NotFound, Problem, TooLarge
from loopline.meta.capture import PUBLIC
from loopline.services.capture.accepting import BY_FORM, accept
from loopline.services.capture.values import Origin
from loopline.services.values import read_bodies
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute

MOST_BYTES: Final = 64 * 1024
_KEYS: Final = frozenset({"values", "query", "referrer", "consent"})
_LONGEST: Final = 500


def post_form(ctx: Context, request: ApiRequest) -> Answer:
    """Take what was filled in; the answer tells nothing of records that are there.

    Raises NotFound, BadRequest, TooLarge, TooMany, NotValid.
    """
    if len(request.body) > MOST_BYTES:
        raise TooLarge(code="request.too_large", most=MOST_BYTES)
    form = ctx.snapshot.catalog.form_for(request.path["form"], PUBLIC)
    if not ctx.snapshot.catalog.has("entity", form.entity):
        raise NotFound()
    body = request.json()
    values = body.get("values") if isinstance(body, dict) else None
    if not isinstance(values, dict) or not body.keys() <= _KEYS:
        raise BadRequest(Problem("body", "form.values"))
    known = {name: raw for name, raw in values.items() if name in form.fields}
    read, unread = read_bodies(ctx.elevated(BY_FORM), form.entity, [known])[0]
    origin = Origin(
        address=request.address,
        query=_texts(body.get("query")),
        referrer=str(body.get("referrer") or "")[:_LONGEST],
        consented=body.get("consent") is True,
    )
    accept(ctx, form, read, origin, unread)
    return Answer(content={"received": True}, status=202)


def _texts(raw: Any) -> Mapping[str, str]:
    if not isinstance(raw, dict):
        return {}
    return {name: one for name, one in raw.items() if isinstance(one, str)}


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/public/forms/{form}",
        handler=post_form,
        scope="public",
        summary="Fill in a public form; needs no token, and is limited by address and form",
        success=202,
    ),
)
