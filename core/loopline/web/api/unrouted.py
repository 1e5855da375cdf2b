"""What no operation of the API answers: unknown paths, and methods a path does not have."""

from collections.abc import Sequence
from typing import ClassVar

from starlette.requests import Request
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotFound
from loopline.web.api.dispatch import refusal


class MethodNotAllowed(LooplineError):
    """The path is there, but not for this method."""

    code: ClassVar[str] = "method.not_allowed"
    status: ClassVar[int] = 405


class Unrouted:
    """The ASGI application that stands behind all routes of the API."""

    def __init__(self, platform: Platform, routes: Sequence[Route]) -> None:
        self._platform = platform
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 405 with the methods that the path has, else 404."""
        request = Request(scope)
        allowed = ", ".join(sorted(self._methods(scope)))
        error: LooplineError = NotFound()
        if allowed:
            error = MethodNotAllowed(method=request.method, allowed=allowed)
        response = refusal(self._platform, error, request)
        if allowed:
            response.headers["allow"] = allowed
        await response(scope, receive, send)

    def _methods(self, scope: Scope) -> set[str]:
        found: set[str] = set()
        for route in self._routes:
            if route.matches(scope)[0] is Match.PARTIAL:
                found |= route.methods or set()
        return found
