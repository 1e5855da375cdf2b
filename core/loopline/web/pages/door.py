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
from loopline.language import LANGUAGES
from loopline.services import people
from loopline.web.contexts.login import LoginContext
from loopline.web.pages.dispatch import (
    COOKIE,
    Go,
    PageRequest,
    Reply,
    error_page,
    visitor_language,
)
from loopline.web.pages.shell import bare_shell
from loopline.web.rendering import Renderer

_REMEMBERED_DAYS: Final = 7
_LANGUAGE_COOKIE: Final = "ll_language"
_YEAR: Final = 365 * 24 * 3600


class Door:
    """The pages for those who are not signed in."""

    def __init__(self, platform: Platform, renderer: Renderer) -> None:
        self._platform = platform
        self._renderer = renderer

    async def show(self, request: Request) -> Response:
        """Answer the login page."""
        to = _safe(request.query_params.get("next", ""))
        notice = "ui.login.again" if to not in {"", "/"} else ""
        return self._page(request, to=to, notice=notice)

    async def enter(self, request: Request) -> Response:
        """Check a password and open a session under a new id."""
        form = await request.form(max_files=0, max_fields=20)
        return await run_in_threadpool(self._enter, request, form)

    def _enter(self, request: Request, form: FormData) -> Response:
        email, password, to = (_text(form, name) for name in ("email", "password", "next"))
        address = request.client.host if request.client else ""
        try:
            _refuse_foreign(request)
            user_id = self._check(email, password, address)
        except LooplineError as error:
            if error.status not in {401, 429}:
                return error_page(self._platform, self._renderer, request, error)
            said = self._platform.messages.tell(error, visitor_language(self._platform, request))
            return self._page(request, to=to, email=email, error=said, status=error.status)
        remember = _text(form, "remember") != ""
        days = _REMEMBERED_DAYS if remember else 1
        with self._platform.database.write() as connection:
            close_session(connection, request.cookies.get(COOKIE, ""))
            agent = request.headers.get("user-agent", "")
            now = self._platform.clock.now()
            secret = open_session(connection, user_id, now, days, address=address, agent=agent)
        response = RedirectResponse(_safe(to) or "/", status_code=303)
        self._set_cookie(request, response, secret, days if remember else None)
        return response

    def _check(self, email: str, password: str, address: str) -> int:
        """Answer whose password it is. Raises NotSignedIn, TooMany."""
        platform, now = self._platform, self._platform.clock.now()
        with platform.read() as ctx:
            refuse_too_many(ctx.connection, email, address, now)
            account = find_account(ctx.connection, ctx.snapshot.table("user"), email)
        stored = account.password_hash if account and not account.disabled else None
        if platform.passwords.verify(stored, password) and account is not None:
            return account.user_id
        with platform.database.write() as connection:
            note_attempt(connection, email, address, now)
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

    def _page(
        self,
        request: Request,
        *,
        to: str = "",
        email: str = "",
        error: str = "",
        notice: str = "",
        status: int = 200,
    ) -> Response:
        platform = self._platform
        language = visitor_language(platform, request)
        say = platform.messages.say
        context = LoginContext(
            shell=bare_shell(platform.settings.name, language, "/login", say("ui.login", language)),
            action="/login",
            host=request.url.netloc,
            next=to,
            email=email,
            error=error,
            notice=say(notice, language) if notice and not error else "",
        )
        return self._renderer.render(request, context, status=status)

    async def language(self, request: Request) -> Response:
        """Remember the language of somebody who is not signed in."""
        form = await request.form(max_files=0, max_fields=20)
        response = RedirectResponse(_safe(_text(form, "next")) or "/login", status_code=303)
        chosen = _text(form, "language")
        if chosen in LANGUAGES:
            response.set_cookie(_LANGUAGE_COOKIE, chosen, max_age=_YEAR, samesite="lax")
        return response


def leave(ctx: Context, asked: PageRequest) -> Reply:
    """End the session."""
    close_session(ctx.connection, asked.secret)
    return Go(to="/login")


def choose_language(ctx: Context, asked: PageRequest) -> Reply:
    """Write the person's language into their record."""
    chosen = asked.one("language")
    if chosen in LANGUAGES:
        people.choose_language(ctx, chosen)
    return Go(to=_safe(asked.one("next")) or "/")


def _refuse_foreign(request: Request) -> None:
    """Refuse a login posted by a page of another site, which would sign people in as somebody."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden(code="auth.csrf")


def _safe(to: str) -> str:
    """Answer an address of this site, empty for any other."""
    local = to.startswith("/") and not to.startswith(("//", "/\\"))
    return quote(to, safe="/?&=%:@!$'()*+,;-._~[]") if local else ""


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""
