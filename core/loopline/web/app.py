"""The ASGI application of a site: routes, static files, headers, errors."""

from starlette.applications import Starlette
from starlette.middleware import Middleware

from loopline.bootstrap import Platform
from loopline.web.api.routing import api_routes
from loopline.web.headers import SecurityHeaders


def create_app(platform: Platform) -> Starlette:
    """Build the application; it holds the platform and nothing of its own."""
    app = Starlette(
        routes=[*api_routes(platform)],
        middleware=[Middleware(SecurityHeaders)],
    )
    app.state.platform = platform
    return app
