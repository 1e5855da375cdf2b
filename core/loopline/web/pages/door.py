"""The door: signing in and out, and the language of a person.

Verifying a password takes long on purpose, so it happens between two transactions, never in one.
"""

from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from loopline.access.accounts import find_account
from loopline.access.context import Context
from loopline.access.sessions import (
    close_session,
    note_attempt,
    open_session,
    refuse_too_many,
)
from loopline.bootstrap import Platform
from loopline.errors import Forbidden, LooplineError, NotSignedIn
from loopline.expr.fold import fold
from loopline.language import LANGUAGES
from loopline.services import people
from loopline.web.contexts.login import LoginContext
from loopline.web.contexts.shell import Shell
from loopline.web.headers import retry_after
from loopline.web.pages.dispatch import (
    Go,
    PageRequest,
    Reply,
    posted,
)
from loopline.web.pages.errors import error_page
from loopline.web.pages.list_state import address
from loopline.web.pages.shell import bare_shell
from loopline.web.pages.visitors import COOKIE, remember_language, visitor_language
from loopline.web.rendering import Renderer

_REMEMBERED_DAYS: Final = 7
_FIELDS: Final = 20


class Door:
    """The pages for those who are not signed in."""

    def __init__(self, platform: Platform, renderer: Renderer) -> None:
        self._platform = platform
        self._renderer = renderer

    async def show(self, request: Request) -> Response:
        """Answer the login page."""
        to = _safe(request.query_params.get("next", ""))
        notice = "ui.login.again" if COOKIE in request.cookies else "ui.login.first"
        said = self._platform.messages.say(notice, visitor_language(self._platform, request))
        context = LoginContext(
            shell=self._shell(request, to),
            action="/login",
            host=request.url.netloc,
            next=to,
            notice=said if to not in {"", "/"} else "",
        )
        return self._renderer.render(request, context)

    async def enter(self, request: Request) -> Response:
        """Check a password and open a session under a new id."""
        try:
            _refuse_foreign(request)
            form = await posted(request, _FIELDS)
        except LooplineError as error:
            return error_page(self._platform, self._renderer, request, error)
        return await run_in_threadpool(self._enter, request, form)

    def _enter(self, request: Request, form: FormData) -> Response:
        email, password = _text(form, "email"), _text(form, "password")
        try:
            user_id = self._check(email, password, _address(request))
        except LooplineError as error:
            said = self._platform.messages.tell(error, visitor_language(self._platform, request))
            to = _safe(_text(form, "next"))
            shown = LoginContext(
                shell=self._shell(request, to),
                action="/login",
                host=request.url.netloc,
                next=to,
                email=email,
                remember=_text(form, "remember") != "",
                error=said,
            )
            response = self._renderer.render(request, shown, status=error.status)
            response.headers.update(retry_after(error))
            return response
        return self._let_in(request, form, user_id)

    def _let_in(self, request: Request, form: FormData, user_id: int) -> Response:
        remember = _text(form, "remember") != ""
        days = _REMEMBERED_DAYS if remember else 1
        agent = request.headers.get("user-agent", "")
        with self._platform.database.write() as connection:
            close_session(connection, request.cookies.get(COOKIE, ""))
            now = self._platform.clock.now()
            secret = open_session(
                connection, user_id, now, days, address=_address(request), agent=agent
            )
            actor = self._platform.actor(connection, user_id)
        response = RedirectResponse(_safe(_text(form, "next")) or "/", status_code=303)
        self._set_cookie(request, response, secret, days if remember else None)
        if actor is not None:
            remember_language(response, actor.language)
        return response

    def _check(self, email: str, password: str, address: str) -> int:
        """Answer whose password it is. Raises NotSignedIn, TooMany."""
        platform, now = self._platform, self._platform.clock.now()
        counted = fold(email)  # or other spellings of one address would each have their attempts
        with platform.read() as ctx:
            refuse_too_many(ctx.connection, counted, address, now)
            account = find_account(ctx.connection, ctx.snapshot.table("user"), email)
        stored = account.password_hash if account and not account.disabled else None
        if platform.passwords.verify(stored, password) and account is not None:
            return account.user_id
        with platform.database.write() as connection:
            note_attempt(connection, counted, address, now)
        raise NotSignedIn(code="auth.wrong")

    def _set_cookie(
        self, request: Request, response: Response, secret: str, days: int | None
    ) -> None:
        response.set_cookie(
            COOKIE,
            secret,
            max_age=days and days * 24 * 3600,
            httponly=True,
            samesite="lax",
            secure=self._platform.settings.secure_cookies or request.url.scheme == "https",
        )

    def _shell(self, request: Request, to: str) -> Shell:
        language = visitor_language(self._platform, request)
        title = self._platform.messages.say("ui.login", language)
        here = address("/login", [("next", to)] if to else [])
        return bare_shell(self._platform.settings.name, language, here, title)

    async def language(self, request: Request) -> Response:
        """Remember the language of somebody who is not signed in."""
        try:
            form = await posted(request, _FIELDS)
        except LooplineError as error:
            return error_page(self._platform, self._renderer, request, error)
        response = RedirectResponse(_safe(_text(form, "next")) or "/login", status_code=303)
        chosen = _text(form, "language")
        if chosen in LANGUAGES:
            remember_language(response, chosen)
        return response


def leave(ctx: Context, asked: PageRequest) -> Reply:
    """End the session."""
    close_session(ctx.connection, asked.secret)
    return Go(to="/login", forget=True)


def choose_language(ctx: Context, asked: PageRequest) -> Reply:
    """Write the person's language into their record."""
    chosen = asked.one("language")
    if chosen in LANGUAGES:
        people.choose_language(ctx, chosen)
    return Go(to=_safe(asked.one("next")) or "/", language=chosen if chosen in LANGUAGES else "")


def _refuse_foreign(request: Request) -> None:
    """Refuse a login posted by a page of another site, which would sign people in as somebody."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden(code="auth.csrf")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _safe(to: str) -> str:
    """Answer an address of this site, empty for any other."""
    local = to.startswith("/") and not to.startswith(("//", "/\\"))
    return quote(to, safe="/?&=%:@!$'()*+,;-._~[]") if local else ""


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
