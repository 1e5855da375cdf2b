"""The ASGI application of a site: routes, static files, headers, errors."""

import logging
from pathlib import Path
from typing import Final

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from loopline.bootstrap import Platform
from loopline.errors import LooplineError
from loopline.web.api.problems import MEDIA_TYPE, problem_details
from loopline.web.api.routing import api_routes
from loopline.web.api.site import PREFIX
from loopline.web.headers import HEADERS, SecurityHeaders
from loopline.web.metering import RequestMeter
from loopline.web.pages.errors import error_page
from loopline.web.pages.extensions import plugin_static, plugin_templates
from loopline.web.pages.routing import page_routes
from loopline.web.pages.visitors import visitor_language
from loopline.web.rendering import STATIC, Renderer, StaticAddresses
from loopline.web.request_ids import HEADER, request_id
from loopline.web.watching import Watched, place_of

_A_YEAR: Final = "public, max-age=31536000, immutable"
_log = logging.getLogger(__name__)


class MarkedFiles(StaticFiles):
    """Static files; an address that carries a mark of the content may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a file."""
        response = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            response.headers["cache-control"] = _A_YEAR
        return response


def create_app(platform: Platform) -> Starlette:
    """Build the application; it holds the platform and nothing of its own."""
    renderer = Renderer(
        platform.messages,
        site=_site_templates(platform),
        plugins=plugin_templates(platform),
        addresses=StaticAddresses(plugins=plugin_static(platform)),
    )

    def not_there(request: Request, error: Exception) -> Response:
        known = isinstance(error, HTTPException) and error.status_code != 404
        status = error.status_code if isinstance(error, HTTPException) and known else 404
        return _failure(platform, renderer, request, status)

    def broken(request: Request, error: Exception) -> Response:
        _log.exception("%s %s", request.method, place_of(request.scope), exc_info=error)
        response = _failure(platform, renderer, request, 500)
        # answered outside of the middleware
        response.headers.update({**HEADERS, HEADER: request_id()})
        return response

    meter = RequestMeter()
    app = Starlette(
        routes=[
            *api_routes(platform, meter),
            *page_routes(platform, renderer),
            *(
                Mount(f"/static/plugins/{plugin}", MarkedFiles(directory=folder))
                for plugin, folder in plugin_static(platform).items()
            ),
            Mount("/static", MarkedFiles(directory=STATIC)),
        ],
        middleware=[
            Middleware(Watched, meter=meter),
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={HTTPException: not_there, Exception: broken},
    )
    app.state.platform = platform
    return app


def _site_templates(platform: Platform) -> Path | None:
    folder = platform.settings.folder / "templates"
    return folder if folder.is_dir() else None


class _Failed(LooplineError):
    """What went wrong outside of every handler."""

    def __init__(self, status: int) -> None:
        super().__init__(code=f"status.{status}")
        self.status = status  # type: ignore[misc]


def _failure(platform: Platform, renderer: Renderer, request: Request, status: int) -> Response:
    """Answer a failure in the form the visitor reads: problem details or a page."""
    error = _Failed(status)
    if request.url.path.startswith(PREFIX):
        language = visitor_language(platform, request)
        content = problem_details(error, platform.messages, language)
        return Response(orjson.dumps(content), status, media_type=MEDIA_TYPE)
    return error_page(platform, renderer, request, error)
