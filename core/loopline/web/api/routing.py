"""All operations of the API, and the Starlette routes made from them."""

from typing import Final

from starlette.routing import BaseRoute, Route

from loopline import __version__
from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.web.api import access, actions, bulk, duplicates, entities, exports, query, records
from loopline.web.api.approvals import ROUTES as APPROVALS
from loopline.web.api import comments, notifications, views
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute, Endpoint
from loopline.web.api.docs import docs_page
from loopline.web.api.extensions import plugin_operations
from loopline.web.api.files import FilesApi
from loopline.web.api.imports import ImportsApi
from loopline.web.api.metadata import MetadataApi
from loopline.web.api.openapi import openapi
from loopline.web.api.public import ROUTES as PUBLIC_ROUTES
from loopline.web.api.unrouted import Unrouted

PREFIX: Final = "/api/v1"


def operations(platform: Platform) -> tuple[ApiRoute, ...]:
    """Answer every operation."""
    described = (
        *entities.ROUTES,
        *exports.ROUTES,
        *duplicates.ROUTES,
        *records.ROUTES,
        *comments.ROUTES,
        *notifications.ROUTES,
        *views.ROUTES,
        *query.ROUTES,
        *PUBLIC_ROUTES,
        *ImportsApi(platform).routes(),
        *MetadataApi(platform).routes(),
        *actions.ROUTES,
        *APPROVALS,
        *bulk.ROUTES,
        *access.ROUTES,
        *plugin_operations(platform),
        *FilesApi(platform).routes(),
    )

    def health(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(
            content={"status": "ok", "version": __version__, "release": ctx.snapshot.revision}
        )

    def document(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(content=openapi(all_of_them, PREFIX))

    def docs(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(page=docs_page(all_of_them, PREFIX, ctx.messages, ctx.actor.language))

    site = (
        ApiRoute(
            method="GET",
            path="/health",
            handler=health,
            scope="public",
            summary="Whether the site answers, and what it serves",
        ),
        ApiRoute(
            method="GET",
            path="/openapi.json",
            handler=document,
            scope="public",
            summary="The OpenAPI document",
        ),
        ApiRoute(
            method="GET",
            path="/docs",
            handler=docs,
            scope="public",
            summary="The operations as a page for people",
            gives="text/html",
        ),
    )
    all_of_them = (*described, *site)
    return all_of_them


def api_routes(platform: Platform) -> list[BaseRoute]:
    """Answer the routes of the API."""
    routes = [
        Route(PREFIX + one.shown_path, Endpoint(platform, one).handle, methods=[one.method])
        for one in operations(platform)
    ]
    unrouted = Unrouted(platform, routes)
    return [*routes, Route(PREFIX, unrouted), Route(PREFIX + "/{path:path}", unrouted)]
