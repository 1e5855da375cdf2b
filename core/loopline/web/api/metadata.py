"""Metadata over HTTP: plan, publish, roll back, read."""

from collections.abc import Sequence
from typing import Any

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import BadRequest, Problem
from loopline.meta.release import SITE
from loopline.services.metadata import (
    documents_of,
    edited_layer,
    plan_draft,
    publish_draft,
    require_configure,
)
from loopline.services.publishing import publish, rollback_plan
from loopline.store.releases import history
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST
from loopline.web.api.shapes import moment, plan_shape


class MetadataApi:
    """The handlers; they need the platform's schemas beside the context."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def plan(self, ctx: Context, request: ApiRequest) -> Answer:
        """Plan documents for a layer; nothing changes but the kept draft."""
        require_configure(ctx)
        body = _body(request)
        documents = body.get("documents")
        if not isinstance(documents, list):
            raise BadRequest(Problem("documents", "request.list"))
        language = self._platform.settings.language
        layer = edited_layer(
            ctx, _text(body, "layer", SITE), documents, self._platform.schemas, language
        )
        plan = plan_draft(ctx, layer, self._platform.schemas, self._platform.related_plugins)
        return Answer(content=plan_shape(ctx, plan))

    def publish(self, ctx: Context, request: ApiRequest) -> Answer:
        """Publish a plan by its hash."""
        require_configure(ctx)
        body = _body(request)
        platform = self._platform
        release = publish_draft(
            ctx,
            _text(body, "plan"),
            _text(body, "note"),
            platform.schemas,
            platform.related_plugins,
        )
        return Answer(content={"release": release.revision}, status=201)

    def rollback(self, ctx: Context, request: ApiRequest) -> Answer:
        """Publish a new release with the documents of an old one."""
        require_configure(ctx)
        to = _body(request).get("to")
        if type(to) is not int or not 1 <= to <= LARGEST:
            params = {"value": to, "least": 1, "most": ctx.snapshot.revision}
            raise BadRequest(Problem("to", "request.number", params))
        platform = self._platform
        plan = rollback_plan(ctx, to, platform.schemas, platform.related_plugins)
        release = publish(ctx, plan, f"rollback to {to}")
        return Answer(content={"release": release.revision}, status=201)

    def documents(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer documents as the layers wrote them."""
        require_configure(ctx)
        return Answer(content={"items": documents_of(ctx, request.query.get("layer", ""))})

    def releases(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer the newest releases."""
        require_configure(ctx)
        items = [
            {
                "release": row["revision"],
                "published_at": moment(row["published_at"]),
                "published_by": row["published_by"],
                "note": row["note"],
            }
            for row in history(ctx.connection)
        ]
        return Answer(content={"items": items, "head": ctx.snapshot.revision})

    def routes(self) -> Sequence[ApiRoute]:
        """Answer the operations."""
        return (
            ApiRoute(
                method="POST",
                path="/metadata/plan",
                handler=self.plan,
                scope="metadata",
                summary="What publishing documents would do",
            ),
            ApiRoute(
                method="POST",
                path="/metadata/publish",
                handler=self.publish,
                scope="metadata",
                summary="Publish a plan",
                success=201,
            ),
            ApiRoute(
                method="POST",
                path="/metadata/rollback",
                handler=self.rollback,
                scope="metadata",
                summary="Return to an old release by a new one",
                success=201,
            ),
            ApiRoute(
                method="GET",
                path="/metadata/documents",
                handler=self.documents,
                scope="metadata",
                summary="Documents as the layers wrote them",
                parameters=("layer",),
            ),
            ApiRoute(
                method="GET",
                path="/metadata/releases",
                handler=self.releases,
                scope="metadata",
                summary="The newest releases",
            ),
        )


def _body(request: ApiRequest) -> dict[str, Any]:
    body = request.json()
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    return body


def _text(body: dict[str, Any], name: str, default: str = "") -> str:
    value = body.get(name, default)
    if not isinstance(value, str) or not value.isprintable():
        raise BadRequest(Problem(name, "request.text"))
    return value
