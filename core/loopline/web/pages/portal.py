"""Public pages of plugins: for people without an account, who hold a link or need none."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from loopline.access.context import Actor, Context
from loopline.bootstrap import Platform
from loopline.errors import LooplineError, TooMany
from loopline.hooks import declarations
from loopline.hooks.declarations import File, Json, PageAnswer, PageRequest, Redirect, Template
from loopline.language import LANGUAGES
from loopline.services.capture.tokens import address_mark
from loopline.services.plugin_pages import answer_page
from loopline.store.capture import count_submissions, forget_submissions, note_submission
from loopline.web.contexts.plugins import PortalPageContext
from loopline.web.pages.dispatch import Hand, file_response, posted
from loopline.web.pages.errors import visitor_error
from loopline.web.pages.shell import bare_shell
from loopline.web.pages.visitors import here, visitor_language
from loopline.web.rendering import Renderer

PUBLIC: Final = "public"
MOST_POSTS: Final = 60
"""What one address may post to the pages of a plugin within the hour."""
_WINDOW: Final = timedelta(hours=1)
_KEPT: Final = timedelta(days=2)
_MOST_FIELDS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class _Asked:
    """A request, and what was posted with it."""

    request: Request
    form: FormData = field(default_factory=FormData)


def portal_routes(platform: Platform, renderer: Renderer) -> list[BaseRoute]:
    """Answer a route for each method of each page that anybody may open."""
    return [
        Route(page.path, PortalPage(platform, renderer, plugin, page).handle, methods=[method])
        for plugin, pages in platform.plugins.pages.items()
        for page in pages
        if page.permission == PUBLIC and not page.path.startswith("/api/")
        for method in page.methods
    ]


class PortalPage:
    """The ASGI side of one public page. It never looks at a session."""

    def __init__(
        self, platform: Platform, renderer: Renderer, plugin: str, page: declarations.Page
    ) -> None:
        self._platform = platform
        self._renderer = renderer
        self._plugin = plugin
        self._page = page

    async def handle(self, request: Request) -> Response:
        """Read what was posted, run the plugin's handler in the thread pool."""
        asked = _Asked(request=request)
        if request.method == "POST":
            try:
                asked = _Asked(request=request, form=await posted(request, _MOST_FIELDS))
            except LooplineError as error:
                return self._refuse(request, error)
        response = await run_in_threadpool(self._run, asked)
        response.headers["referrer-policy"] = "no-referrer"  # the address may be a secret
        response.headers["cache-control"] = "no-store"
        return response

    def _run(self, asked: _Asked) -> Response:
        request = asked.request
        visitor = Actor(id=None, language=self._language(request), scopes=frozenset())
        write = request.method == "POST"
        try:
            with self._platform.enter(lambda _: visitor, write=write, via="portal") as ctx:
                if write:
                    self._count(ctx, request)
                found = answer_page(ctx, self._plugin, self._page, _handed(asked))
                return self._answer(request, ctx, found)
        except LooplineError as error:
            return self._refuse(request, error)

    def _count(self, ctx: Context, request: Request) -> None:
        """Raise TooMany where an address posted too often."""
        client = request.client.host if request.client else ""
        address, name = address_mark(ctx, client), f"portal:{self._plugin}"
        since = ctx.now - _WINDOW
        if count_submissions(ctx.connection, since, form=name, address=address) >= MOST_POSTS:
            raise TooMany(code="portal.too_many", seconds=int(_WINDOW.total_seconds()))
        note_submission(ctx.connection, name, address, None, ctx.now)
        forget_submissions(ctx.connection, ctx.now - _KEPT)

    def _answer(self, request: Request, ctx: Context, found: PageAnswer) -> Response:
        match found:
            case Template():
                context = self._context(request, ctx, found)
                return self._renderer.render(request, context)
            case Redirect():
                return RedirectResponse(found.url, status_code=303)
            case File():
                hand = Hand(content=found.content, name=found.name, media_type=found.media_type)
                return file_response(hand)
            case Json():
                return Response(status_code=404)

    def _context(self, request: Request, ctx: Context, found: Template) -> PortalPageContext:
        site, language = self._platform.settings.name, ctx.actor.language
        given = found.title or site
        title = given if isinstance(given, str) else given.to(language)
        return PortalPageContext(
            shell=bare_shell(site, language, here(request), title),
            content=f"{self._plugin}/{found.name}",
            page=found.context,
        )

    def _refuse(self, request: Request, error: LooplineError) -> Response:
        language = self._language(request)
        return visitor_error(self._platform, self._renderer, request, error, language)

    def _language(self, request: Request) -> str:
        chosen = request.query_params.get("lang", "")
        return chosen if chosen in LANGUAGES else visitor_language(self._platform, request)


def _handed(asked: _Asked) -> PageRequest:
    request = asked.request
    return PageRequest(
        method=request.method,
        path={name: str(value) for name, value in request.path_params.items()},
        query=dict(request.query_params),
        form={name: value for name, value in asked.form.multi_items() if isinstance(value, str)},
    )
