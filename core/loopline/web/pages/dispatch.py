"""From a page request to its answer: session, CSRF, one transaction, errors as pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from secrets import compare_digest
from typing import Any, Final
from urllib.parse import quote

import orjson
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from loopline.access.context import Actor, Context
from loopline.access.sessions import Session
from loopline.bootstrap import Platform
from loopline.errors import Forbidden, LooplineError, NotFound, NotSignedIn, TooLarge
from loopline.store.engine import Connection
from loopline.web.api.dispatch import MOST_FILE_BYTES, limited
from loopline.web.contexts.shell import PageContext
from loopline.web.pages.errors import error_page
from loopline.web.pages.numbers import record_number
from loopline.web.pages.uploads import has_uploads, keep_uploads
from loopline.web.pages.visitors import COOKIE, here, remember_language, signed_in
from loopline.web.rendering import Renderer, wanted_region

TOAST: Final = "ll_toast"
_MOST_BYTES: Final = 1_000_000
_MOST_FIELDS: Final = 1000
_MOST_FILES: Final = 50
_TOLD: Final = 200
_INERT: Final = {
    "content-security-policy": "sandbox",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=300",
}


@dataclass(frozen=True, kw_only=True)
class PageRequest:
    """What a handler sees of a request."""

    path: Mapping[str, str]
    query: QueryParams
    form: FormData = field(default_factory=FormData)
    session: Session
    site: str
    here: str
    secret: str = ""
    toast: str = ""
    region: str = ""

    @property
    def csrf(self) -> str:
        """What the forms of this session must send back."""
        return self.session.csrf

    @property
    def record_id(self) -> int:
        """The record that the path names. Raises NotFound where no record can have that number."""
        number = record_number(str(self.path["id"]))
        if number is None:
            raise NotFound()
        return number

    def one(self, name: str) -> str:
        """Answer a text the form sent, empty if it did not."""
        value = self.form.get(name, "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, kw_only=True)
class Show:
    """Draw a page, or the region of it that was asked for."""

    context: PageContext
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Go:
    """Lead elsewhere, telling there what was done: a message key, a text, and how to undo it.

    ``bad`` tells that it was refused, and undoes what was written; ``language`` is one to remember
    in the browser; ``forget`` makes it forget who was signed in.
    """

    to: str
    done: str = ""
    title: str = ""
    undo: str = ""
    bad: bool = False
    language: str = ""
    forget: bool = False


@dataclass(frozen=True, kw_only=True)
class Give:
    """Answer data to a script of the page."""

    content: Any


@dataclass(frozen=True, kw_only=True)
class Send:
    """Send a file and remove it afterwards."""

    path: Path
    name: str


@dataclass(frozen=True, kw_only=True)
class Hand:
    """Hand out a small file that was made for this answer."""

    content: bytes
    name: str
    media_type: str


@dataclass(frozen=True, kw_only=True)
class Attach:
    """Give a file that stays, as an attachment: whatever it holds, no browser runs it here."""

    path: Path
    name: str
    media_type: str


Reply = Show | Go | Give | Send | Hand | Attach
Handler = Callable[[Context, PageRequest], Reply]


@dataclass(frozen=True, kw_only=True)
class PageRoute:
    """One page or act; all but the door itself need a session.

    ``uploads`` says that its form may send files.
    """

    method: str
    path: str
    handler: Handler
    uploads: bool = False


class _Refused(Exception):
    """Ends a transaction without commit, with the answer to give."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


class PageEndpoint:
    """The ASGI side of one page."""

    def __init__(self, platform: Platform, renderer: Renderer, route: PageRoute) -> None:
        self._platform = platform
        self._renderer = renderer
        self._route = route

    async def handle(self, request: Request) -> Response:
        """Read the form, run the handler in the thread pool."""
        form = FormData()
        if self._route.method == "POST":
            try:
                form = await self._posted(request)
            except NotSignedIn:
                return self._to_login(request)
            except LooplineError as error:
                return await run_in_threadpool(self._told, request, error)
        return await run_in_threadpool(self._run, request, form)

    async def _posted(self, request: Request) -> FormData:
        """Read the form; files are read after the session, and kept on their own."""
        sent = request.headers.get("content-type", "")
        if not (self._route.uploads and sent.startswith("multipart/")):
            return await posted(request)
        await run_in_threadpool(self._admit, request)
        form = await posted_with_files(request)
        try:
            return await run_in_threadpool(self._keep, request, form)
        finally:
            await form.close()

    def _admit(self, request: Request) -> None:
        """Raise NotSignedIn before the body of a request is read: no stranger fills the disk."""
        with self._platform.database.read() as connection:
            signed_in(self._platform, connection, request)

    def _keep(self, request: Request, form: FormData) -> FormData:
        """Keep the files of a form in a transaction of their own, which a refusal leaves."""
        write, found = has_uploads(form), list[Session]()

        def identify(connection: Connection) -> Actor:
            session, actor = signed_in(self._platform, connection, request)
            found.append(session)
            return actor

        with self._platform.enter(identify, write=write, via="page") as ctx:
            if not _csrf_fits(request, form, found[0]):
                raise Forbidden(code="auth.csrf")
            return keep_uploads(ctx, self._platform.settings, form)

    def _run(self, request: Request, form: FormData) -> Response:
        found: list[Session] = []

        def identify(connection: Connection) -> Actor:
            session, actor = signed_in(self._platform, connection, request)
            found.append(session)
            return actor

        try:
            write = self._route.method == "POST"
            with self._platform.enter(identify, write=write, via="page") as ctx:
                asked = self._asked(request, form, found[0])
                if write and not _csrf_fits(request, form, found[0]):
                    raise Forbidden(code="auth.csrf")
                response = self._answer(request, ctx, asked)
                if response.status_code >= 400:
                    raise _Refused(response)
                return response
        except _Refused as refused:
            return refused.response
        except NotSignedIn:
            return self._to_login(request)
        except LooplineError as error:
            return self._told(request, error)

    def _told(self, request: Request, error: LooplineError) -> Response:
        return error_page(self._platform, self._renderer, request, error)

    def _asked(self, request: Request, form: FormData, session: Session) -> PageRequest:
        return PageRequest(
            path=dict(request.path_params),
            query=request.query_params,
            form=form,
            session=session,
            site=self._platform.settings.name,
            here=here(request),
            secret=request.cookies.get(COOKIE, ""),
            toast=request.cookies.get(TOAST, ""),
            region=wanted_region(request),
        )

    def _answer(self, request: Request, ctx: Context, asked: PageRequest) -> Response:
        reply = self._route.handler(ctx, asked)
        match reply:
            case Show():
                response: Response = self._renderer.render(
                    request, reply.context, status=reply.status
                )
                if asked.toast:
                    response.delete_cookie(TOAST)
                return response
            case Go():
                response = _lead(reply, secure=self._secure(request))
                if reply.bad:
                    raise _Refused(response)
                return response
            case Give():
                return Response(orjson.dumps(reply.content), media_type="application/json")
        return file_response(reply)

    def _secure(self, request: Request) -> bool:
        return self._platform.settings.secure_cookies or request.url.scheme == "https"

    def _to_login(self, request: Request) -> Response:
        if request.headers.get("HX-Request") or request.method == "POST":
            return self._told(request, NotSignedIn())
        return RedirectResponse(f"/login?next={quote(here(request), safe='')}", status_code=303)


def _csrf_fits(request: Request, form: FormData, session: Session) -> bool:
    sent = form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    return isinstance(sent, str) and compare_digest(sent.encode(), session.csrf.encode())


async def posted(request: Request, most_fields: int = _MOST_FIELDS) -> FormData:
    """Answer the form that was posted. Raises TooLarge, also where it does not say how large."""
    length = request.headers.get("content-length", "0")
    if "transfer-encoding" in request.headers or int(length) > _MOST_BYTES:
        raise TooLarge()
    return await request.form(max_files=0, max_fields=most_fields)


async def posted_with_files(request: Request) -> FormData:
    """Answer a form with files. Raises TooLarge."""
    counted = Request(request.scope, limited(request, MOST_FILE_BYTES))
    return await counted.form(max_files=_MOST_FILES, max_fields=_MOST_FIELDS)


def file_response(reply: Send | Hand | Attach) -> Response:
    """Answer a file: one that stays, one that goes once it was sent, or one made for this."""
    match reply:
        case Attach():
            return FileResponse(
                reply.path, filename=reply.name, media_type=reply.media_type, headers=_INERT
            )
        case Hand():
            kept = quote(reply.name)
            told = {"content-disposition": f"attachment; filename*=utf-8''{kept}"}
            return Response(reply.content, 200, told, media_type=reply.media_type)
        case Send():
            done = BackgroundTask(reply.path.unlink, missing_ok=True)
            return FileResponse(reply.path, filename=reply.name, background=done)


def _lead(reply: Go, *, secure: bool) -> Response:
    response = RedirectResponse(reply.to, status_code=303)
    if reply.done:
        told = [reply.done, reply.title[:_TOLD], reply.undo, reply.bad]
        response.set_cookie(
            TOAST,
            quote(orjson.dumps(told).decode()),
            max_age=60,
            httponly=True,
            samesite="lax",
            secure=secure,
        )
    if reply.language:
        remember_language(response, reply.language)
    if reply.forget:
        response.delete_cookie(COOKIE)
        response.headers["Clear-Site-Data"] = '"cache"'
    return response
