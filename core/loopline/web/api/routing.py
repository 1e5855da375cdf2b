"""All operations of the API, and the Starlette routes made from them."""

from typing import Final

from starlette.routing import BaseRoute, Route

from loopline import __version__
from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.web.api import entities, records
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute, Endpoint
from loopline.web.api.imports import ImportsApi
from loopline.web.api.metadata import MetadataApi
from loopline.web.api.openapi import openapi

PREFIX: Final = "/api/v1"


def operations(platform: Platform) -> tuple[ApiRoute, ...]:
    """Answer every operation."""
    described = (
        *entities.ROUTES,
        *records.ROUTES,
        *ImportsApi(platform).routes(),
        *MetadataApi(platform).routes(),
    )

    def health(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(
            content={"status": "ok", "version": __version__, "release": ctx.snapshot.revision}
        )

    def document(ctx: Context, request: ApiRequest) -> Answer:
        return Answer(content=openapi(all_of_them, PREFIX))

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
            summary="This document",
        ),
    )
    all_of_them = (*described, *site)
    return all_of_them


def api_routes(platform: Platform) -> list[BaseRoute]:
    """Answer the routes of the API."""
    return [
        Route(PREFIX + one.path, Endpoint(platform, one).handle, methods=[one.method])
        for one in operations(platform)
    ]
