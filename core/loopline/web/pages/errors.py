"""Errors as pages: within the frame for somebody who is signed in, bare for everybody else."""

from dataclasses import dataclass, fields, replace
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from loopline.access.context import Actor, Context
from loopline.access.sessions import Session  # noqa: TC001 used by annotations of the request
from loopline.bootstrap import Platform
from loopline.errors import LooplineError, NotFound, NotSignedIn
from loopline.store.engine import Connection
from loopline.web.contexts.error import ErrorContext, FramedErrorContext
from loopline.web.contexts.shell import Crumb
from loopline.web.headers import retry_after
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, bare_shell, entity_href, shell
from loopline.web.pages.visitors import here, signed_in, visitor_language
from loopline.web.rendering import Renderer

_BROKEN: Final = 500
_RECORDS: Final = "/records/"
_FILES: Final = "/static/"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """What the frame of an error page needs to know."""

    site: str
    here: str
    csrf: str
    toast: str = ""


def error_page(
    platform: Platform, renderer: Renderer, request: Request, error: LooplineError
) -> Response:
    """Answer an error as a page in the visitor's language."""
    context = _bare(platform, request, error, visitor_language(platform, request))
    if _has_frame(request, error):
        context = _framed(platform, request, error) or context
    return _answer(renderer, request, context, error)


def visitor_error(
    platform: Platform, renderer: Renderer, request: Request, error: LooplineError, language: str
) -> Response:
    """Answer an error to somebody without an account: no frame, and no way into the site."""
    context = replace(_bare(platform, request, error, language), back_href="")
    return _answer(renderer, request, context, error)


def _answer(
    renderer: Renderer, request: Request, context: ErrorContext, error: LooplineError
) -> Response:
    response = renderer.render(request, context, status=error.status)
    response.headers.update(retry_after(error))
    return response


def _has_frame(request: Request, error: LooplineError) -> bool:
    """Whether a frame is worth reading the database: not for parts of pages, nor when broken."""
    if error.status >= _BROKEN or error.status == NotSignedIn.status:
        return False
    return not (request.headers.get("HX-Request") or request.url.path.startswith(_FILES))


def _bare(
    platform: Platform, request: Request, error: LooplineError, language: str
) -> ErrorContext:
    say, tell = platform.messages.say, platform.messages.tell
    title = say(f"ui.error.{error.status}", language)
    signed_out = error.status == NotSignedIn.status
    generic = signed_out or error.key.startswith("status.")
    text = say(f"ui.error.{error.status}_help", language) if generic else tell(error, language)
    details = dict.fromkeys(tell(one, language) for one in error.problems)
    return ErrorContext(
        shell=bare_shell(platform.settings.name, language, here(request), title),
        status=error.status,
        title=title,
        text=text,
        details=tuple(one for one in details if one != text),
        back_href=f"/login?next={quote(_came_from(request), safe='')}" if signed_out else "/",
        back_label=say("ui.login" if signed_out else "ui.error.back", language),
    )


def _framed(
    platform: Platform, request: Request, error: LooplineError
) -> FramedErrorContext | None:
    """Answer the error within the frame and with a way back to the list; None for a stranger."""
    found: list[Session] = []

    def identify(connection: Connection) -> Actor:
        session, actor = signed_in(platform, connection, request)
        found.append(session)
        return actor

    try:
        with platform.enter(identify, write=False, via="page") as ctx:
            bare = _bare(platform, request, error, ctx.actor.language)
            asked = _Asked(site=platform.settings.name, here=here(request), csrf=found[0].csrf)
            return _within(ctx, asked, bare, request)
    except NotSignedIn:
        return None


def _within(
    ctx: Context, asked: _Asked, bare: ErrorContext, request: Request
) -> FramedErrorContext:
    framed = FramedErrorContext(**{one.name: getattr(bare, one.name) for one in fields(bare)})
    name = _entity(request)
    if not ctx.catalog.has("entity", name):
        place = Place(title=bare.title, crumbs=(Crumb(label=bare.title),))
        return replace(framed, shell=shell(ctx, asked, place))
    language, plural = ctx.actor.language, plural_of(ctx, ctx.catalog.entity(name))
    href = entity_href(name)
    crumbs = (Crumb(label=plural.to(language), href=href), Crumb(label=bare.title))
    record = _record(request) if bare.status != NotFound.status else ""
    label = (
        ctx.messages.say("ui.error.record", language)
        if record
        else ctx.messages.say("ui.error.list", language, entity=in_phrase(plural, language))
    )
    return replace(
        framed,
        shell=shell(ctx, asked, Place(title=bare.title, entity=name, crumbs=crumbs)),
        back_href=f"{href}/{record}" if record else href,
        back_label=label,
    )


def _entity(request: Request) -> str:
    """Answer the entity whose page was asked for, if it was one."""
    path = request.url.path
    return path.removeprefix(_RECORDS).partition("/")[0] if path.startswith(_RECORDS) else ""


def _record(request: Request) -> str:
    """Answer the number of the record that something was wanted of, if it was one."""
    _, _, rest = request.url.path.removeprefix(_RECORDS).partition("/")
    number, _, wanted = rest.partition("/")
    return number if wanted and number.isascii() and number.isdigit() else ""


def _came_from(request: Request) -> str:
    """Answer the page of this site that a form was sent from, else the address itself."""
    from_page = urlsplit(request.headers.get("referer", ""))
    if request.method == "GET" or from_page.netloc != request.url.netloc:
        return "/" if request.method == "POST" else here(request)
    return from_page.path + (f"?{from_page.query}" if from_page.query else "")
