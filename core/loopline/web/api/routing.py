"""All operations of the API, and the Starlette routes made from them."""

from typing import Final

from starlette.routing import BaseRoute, Route

from loopline.bootstrap import Platform
from loopline.web.api import (
    access,
    actions,
    bulk,
    clocks,
    comments,
    duplicates,
    entities,
    exports,
    handover,
    notifications,
    query,
    records,
    stages,
    tag_rules,
    timelines,
    views,
)
from loopline.web.api.approvals import ROUTES as APPROVALS
from loopline.web.api.dispatch import ApiRoute, Endpoint
from loopline.web.api.extensions import plugin_operations
from loopline.web.api.files import FilesApi
from loopline.web.api.imports import ImportsApi
from loopline.web.api.metadata import MetadataApi
from loopline.web.api.public import ROUTES as PUBLIC_ROUTES
from loopline.web.api.site import PREFIX, site_operations
from loopline.web.api.unrouted import Unrouted
from loopline.web.api.watching import WatchingApi, say_alive
from loopline.web.metering import RequestMeter

_KERNEL: Final = (
    *entities.ROUTES,
    *exports.ROUTES,
    *duplicates.ROUTES,
    *records.ROUTES,
    *timelines.ROUTES,
    *clocks.ROUTES,
    *stages.ROUTES,
    *comments.ROUTES,
    *notifications.ROUTES,
    *views.ROUTES,
    *tag_rules.ROUTES,
    *query.ROUTES,
    *PUBLIC_ROUTES,
    *actions.ROUTES,
    *APPROVALS,
    *bulk.ROUTES,
    *access.ROUTES,
    *handover.ROUTES,
)
"""The operations that need nothing but a context."""


def operations(platform: Platform, meter: RequestMeter | None = None) -> tuple[ApiRoute, ...]:
    """Answer every operation; ``meter`` counts the requests of this process."""
    described = (
        *_KERNEL,
        *ImportsApi(platform).routes(),
        *MetadataApi(platform).routes(),
        *FilesApi(platform).routes(),
        *WatchingApi(meter or RequestMeter()).routes(),
        *plugin_operations(platform),
    )
    return (*described, *site_operations(described))


def api_routes(platform: Platform, meter: RequestMeter) -> list[BaseRoute]:
    """Answer the routes of the API."""
    routes = [
        Route(PREFIX + one.shown_path, Endpoint(platform, one).handle, methods=[one.method])
        for one in operations(platform, meter)
    ]
    unrouted = Unrouted(platform, routes)
    alive = Route(f"{PREFIX}/alive", say_alive, methods=["GET"])
    return [*routes, alive, Route(PREFIX, unrouted), Route(PREFIX + "/{path:path}", unrouted)]
