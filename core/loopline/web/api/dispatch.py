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
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.types import Message, Receive

from loopline.access.context import Actor, Context
from loopline.bootstrap import Platform
from loopline.errors import (
    BadRequest,
    Forbidden,
    LooplineError,
    NotFound,
    NotSignedIn,
    Problem,
    TooLarge,
)
from loopline.language import LANGUAGES
from loopline.store.engine import Connection
from loopline.web.api.parameters import LARGEST, refuse_unknown
from loopline.web.api.problems import MEDIA_TYPE, problem_details
from loopline.web.headers import retry_after
from loopline.web.watching import place_of

Scope = Literal["public", "read", "write", "metadata"]
JSON: Final = "application/json"
MOST_BYTES: Final = 16 * 1024 * 1024
MOST_FILE_BYTES: Final = 512 * 1024 * 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ApiRequest:
    """What a handler sees of a request."""

    path: dict[str, str]
    query: QueryParams
    headers: Headers
    body: bytes = b""
    address: str = ""
    form: FormData = field(default_factory=FormData)

    def json(self) -> Any:
        """Answer the parsed body. Raises BadRequest."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as error:
            raise BadRequest(Problem("body", "request.json", {"reason": str(error)})) from None

    def record_id(self) -> int:
        """Answer the id of the path. Raises NotFound for what cannot be one."""
        text = self.path["id"]
        if not (text.isascii() and text.isdigit() and len(text) <= 19 and int(text) <= LARGEST):
            raise NotFound()
        return int(text)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a handler gives back: JSON, a page, or a file to send (and remove, unless kept)."""

    content: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    page: str = ""
    file: Path | None = None
    file_name: str = ""
    keeps_file: bool = False
    media_type: str | None = None


Handler = Callable[[Context, ApiRequest], Answer]


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """One operation of the API; the OpenAPI document is made from these.

    ``success`` is the status when all went well, ``also`` others by what was sent; ``reading``
    says that a POST only asks, its question being too long for an address.
    """

    method: str
    path: str
    handler: Handler
    scope: Scope
    summary: str
    success: int = 200
    also: tuple[int, ...] = ()
    gives: str = "application/json"
    form: bool = False
    parameters: tuple[str, ...] = ()
    free_parameters: bool = False
    reading: bool = False

    @property
    def shown_path(self) -> str:
        """The path as documents and routes write it, without the types of its parts."""
        return self.path.replace(":int}", "}")

    @property
    def writes(self) -> bool:
        """Whether the handler needs a writing transaction."""
        return self.has_body and not self.reading

    @property
    def has_body(self) -> bool:
        """Whether a request carries a body."""
        return self.method != "GET"


class Endpoint:
    """The ASGI-side of one route."""

    def __init__(self, platform: Platform, route: ApiRoute) -> None:
        self._platform = platform
        self._route = route
        self._known = frozenset(route.parameters)

    async def handle(self, request: Request) -> Response:
        """Read the request, run the handler in the thread pool, write the answer."""
        try:
            if not self._route.free_parameters:
                refuse_unknown(request.query_params, self._known)
            if self._route.form:
                # nobody unknown fills the disk: an upload is read after its token
                await run_in_threadpool(self._admit, request)
            read = await self._read(request)
        except LooplineError as error:
            return refusal(self._platform, error, request)
        try:
            return await run_in_threadpool(self._run, request, read)
        finally:
            await read.form.close()

    def _admit(self, request: Request) -> None:
        """Raise NotSignedIn or Forbidden before the body of a request is read."""
        with self._platform.database.read() as connection:
            self._identify(request, connection)

    async def _read(self, request: Request) -> ApiRequest:
        most = MOST_FILE_BYTES if self._route.form else MOST_BYTES
        said = request.headers.get("content-length", "0")
        if said.isascii() and said.isdigit() and len(said) < 100 and int(said) > most:
            raise TooLarge(code="request.too_large", most=most)
        counted = Request(request.scope, limited(request, most))
        read = ApiRequest(
            path=dict(request.path_params),
            query=request.query_params,
            headers=request.headers,
            address=request.client.host if request.client else "",
        )
        if not self._route.has_body:
            return read
        if self._route.form:
            return replace(read, form=await counted.form(max_files=1, max_fields=50))
        return replace(read, body=await counted.body())

    def _run(self, request: Request, read: ApiRequest) -> Response:
        known: list[Actor] = []

        def identify(connection: Connection) -> Actor:
            known.append(self._identify(request, connection))
            return known[0]

        try:
            with self._platform.enter(identify, write=self._route.writes, via="api") as ctx:
                answer = self._route.handler(ctx, read)
        except LooplineError as error:
            language = known[0].language if known else ""
            return refusal(self._platform, error, request, language)
        return _response(answer)

    def _identify(self, request: Request, connection: Connection) -> Actor:
        if self._route.scope == "public":
            language = asked_language(request) or self._platform.settings.language
            return Actor(id=None, language=language, scopes=frozenset())
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        actor = self._platform.bearer(connection, secret) if kind.lower() == "bearer" else None
        if actor is None:
            raise NotSignedIn()
        if self._route.scope not in actor.scopes:
            raise Forbidden(code="auth.scope", scope=self._route.scope)
        language = asked_language(request)
        return replace(actor, language=language) if language else actor


def refusal(
    platform: Platform, error: LooplineError, request: Request, language: str = ""
) -> Response:
    """Answer an error as problem details, in the language asked for, else that of the site."""
    spoken = language or asked_language(request) or platform.settings.language
    content = problem_details(error, platform.messages, spoken)
    headers = {"www-authenticate": "Bearer"} if error.status == 401 else retry_after(error)
    if error.status >= 500:
        _log.error("%s %s: %s", request.method, place_of(request.scope), error)
    body = orjson.dumps(content, default=str)
    return Response(body, error.status, headers, media_type=MEDIA_TYPE)


def limited(request: Request, most: int) -> Receive:
    """Answer the request's ``receive``, which raises TooLarge beyond a number of bytes."""
    left = most

    async def receive() -> Message:
        nonlocal left
        message = await request.receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise TooLarge(code="request.too_large", most=most)
        return message

    return receive


def _response(answer: Answer) -> Response:
    if answer.file is not None:
        done = BackgroundTask(answer.file.unlink, missing_ok=True)
        return FileResponse(
            answer.file,
            filename=answer.file_name,
            headers=answer.headers,
            media_type=answer.media_type,
            background=None if answer.keeps_file else done,
        )
    if answer.page:
        return HTMLResponse(answer.page, answer.status, answer.headers)
    if isinstance(answer.content, bytes):
        return Response(answer.content, answer.status, answer.headers, answer.media_type)
    if answer.content is None:
        return Response(status_code=answer.status, headers=answer.headers)
    return Response(as_json(answer.content), answer.status, answer.headers, media_type=JSON)


def as_json(content: object) -> bytes:
    """Answer content as JSON, moments in UTC. Raises TypeError for what JSON does not know."""
    return orjson.dumps(content, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z)


def asked_language(request: Request) -> str:
    """Answer the first language the request asks for that we speak, empty if none."""
    for one in request.headers.get("accept-language", "").lower().split(","):
        language = one.strip()[:2]
        if language in LANGUAGES:
            return language
    return ""
