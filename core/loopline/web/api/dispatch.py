"""From a request to an answer: who asks, in which transaction, and what goes back."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, Headers, QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from loopline.access.context import Actor, Context
from loopline.bootstrap import Platform
from loopline.errors import BadRequest, Forbidden, LooplineError, NotSignedIn, Problem, TooLarge
from loopline.web.api.problems import MEDIA_TYPE, problem_details

Scope = Literal["public", "read", "write", "metadata"]
MOST_BYTES: Final = 16 * 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """What a handler sees of a request."""

    path: dict[str, str]
    query: QueryParams
    headers: Headers
    body: bytes = b""
    form: FormData = field(default_factory=FormData)

    def json(self) -> Any:
        """Answer the parsed body. Raises BadRequest."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadRequest(Problem("body", "request.json", {"reason": str(error)})) from None

    def record_id(self) -> int:
        """Answer the record id of the path."""
        return int(self.path["id"])


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a handler gives back: something to write as JSON, or a file to send and remove."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    file_name: str = ""


Handler = Callable[[Context, ApiRequest], Answer]


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """One operation of the API; the OpenAPI document is made from these."""

    method: str
    path: str
    handler: Handler
    scope: Scope
    summary: str
    form: bool = False
    parameters: tuple[str, ...] = ()

    @property
    def writes(self) -> bool:
        """Whether the handler needs a writing transaction."""
        return self.method != "GET"


class Endpoint:
    """The ASGI-side of one route."""

    def __init__(self, platform: Platform, route: ApiRoute) -> None:
        self._platform = platform
        self._route = route

    async def handle(self, request: Request) -> Response:
        """Read the request, run the handler in the thread pool, write the answer."""
        try:
            read = await self._read(request)
        except LooplineError as error:
            return self._refusal(error, request)
        return await run_in_threadpool(self._run, request, read)

    async def _read(self, request: Request) -> ApiRequest:
        length = request.headers.get("content-length", "0")
        if not self._route.form and length.isdigit() and int(length) > MOST_BYTES:
            raise TooLarge(code="request.too_large", most=MOST_BYTES)
        read = ApiRequest(
            path=dict(request.path_params), query=request.query_params, headers=request.headers
        )
        if self._route.form:
            return replace(read, form=await request.form(max_files=1, max_fields=50))
        chunks, size = [], 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > MOST_BYTES:
                raise TooLarge(code="request.too_large", most=MOST_BYTES)
            chunks.append(chunk)
        return replace(read, body=b"".join(chunks))

    def _run(self, request: Request, read: ApiRequest) -> Response:
        try:
            with self._platform.enter(
                lambda connection: self._identify(request, connection),
                write=self._route.writes,
                via="api",
            ) as ctx:
                answer = self._route.handler(ctx, read)
        except LooplineError as error:
            return self._refusal(error, request)
        return _response(answer)

    def _identify(self, request: Request, connection: Any) -> Actor:
        if self._route.scope == "public":
            return Actor(id=None, language=_language(request), scopes=frozenset())
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        actor = self._platform.bearer(connection, secret) if kind.lower() == "bearer" else None
        if actor is None:
            raise NotSignedIn()
        if self._route.scope not in actor.scopes:
            raise Forbidden(code="auth.scope", scope=self._route.scope)
        asked = request.headers.get("accept-language")
        language = _language(request) if asked else actor.language
        return replace(actor, language=language)

    def _refusal(self, error: LooplineError, request: Request) -> Response:
        content = problem_details(error, self._platform.messages, _language(request))
        headers = {"www-authenticate": "Bearer"} if error.status == 401 else {}
        if error.status >= 500:
            _log.error("%s %s: %s", request.method, request.url.path, error)
        body = orjson.dumps(content, default=str)
        return Response(body, error.status, headers, media_type=MEDIA_TYPE)


def _response(answer: Answer) -> Response:
    if answer.file is not None:
        done = BackgroundTask(answer.file.unlink, missing_ok=True)
        return FileResponse(
            answer.file, filename=answer.file_name, headers=answer.headers, background=done
        )
    if answer.content is None:
        return Response(status_code=answer.status, headers=answer.headers)
    body = orjson.dumps(answer.content, option=orjson.OPT_NON_STR_KEYS)
    return Response(body, answer.status, answer.headers, media_type="application/json")


def _language(request: Request) -> str:
    asked = request.headers.get("accept-language", "")
    return "zh" if asked.lower().startswith("zh") else "en"
