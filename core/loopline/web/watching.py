"""Every request gets an id, a line in the log and its place in the numbers."""

import logging
import re
from time import perf_counter
from typing import Any, Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from loopline.web.metering import RequestMeter
from loopline.web.request_ids import HEADER, begin_request

REQUESTS: Final = "loopline.requests"
_TOLD: Final = ("entity", "id")
"""Parts of paths that may stand in a log; others may be keys that open something."""
_PART: Final = re.compile(r"{(\w+)(?::\w+)?}")
_PLAIN: Final = re.compile(r"[a-z0-9_]{1,60}")
_VERBS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logging.getLogger(REQUESTS)


class Watched:
    """Watches over the requests of an application."""

    def __init__(self, app: ASGIApp, meter: RequestMeter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and note how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        known = begin_request(Headers(scope=scope).get(HEADER, ""))
        status, began = 500, perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[HEADER] = known
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._note(scope, status, perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _VERBS else "other"
        route = route_of(scope)
        self._meter.count(method, route, status, seconds)
        if _log.isEnabledFor(logging.INFO):
            _log.info(
                "%s %s %d",
                method,
                place_of(scope),
                status,
                extra={
                    "method": method,
                    "route": route,
                    "status": status,
                    "milliseconds": round(seconds * 1000, 1),
                },
            )


def route_of(scope: Scope) -> str:
    """Answer the route of a request as it is declared; a dash where there is none."""
    route: Any = scope.get("route")
    return str(getattr(route, "path", "") or "-")


def place_of(scope: Scope) -> str:
    """Answer the route with entity and number in place: what a log may tell of an address."""
    given = scope.get("path_params", {})

    def put(found: re.Match[str]) -> str:
        value = str(given.get(found[1], ""))
        return value if found[1] in _TOLD and _PLAIN.fullmatch(value) else found[0]

    return _PART.sub(put, route_of(scope))
