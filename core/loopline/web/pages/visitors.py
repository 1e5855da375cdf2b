"""Who asks: the session of a request, its language, and the address it asked for."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from loopline.access.context import Actor
from loopline.access.sessions import Session, find_session
from loopline.bootstrap import Platform
from loopline.errors import NotSignedIn
from loopline.store.engine import Connection

COOKIE: Final = "ll_session"
LANGUAGE: Final = "ll_language"
_YEAR: Final = 365 * 24 * 3600


def signed_in(
    platform: Platform, connection: Connection, request: Request
) -> tuple[Session, Actor]:
    """Answer the session and the actor of a request. Raises NotSignedIn."""
    secret = request.cookies.get(COOKIE, "")
    session = find_session(connection, secret, platform.clock.now()) if secret else None
    actor = platform.actor(connection, session.user_id) if session else None
    if session is None or actor is None:
        raise NotSignedIn()
    return session, actor


def visitor_language(platform: Platform, request: Request) -> str:
    """Answer the language of somebody who may not be signed in."""
    chosen = request.cookies.get(LANGUAGE, "")
    if chosen in {"zh", "en"}:
        return chosen
    asked = request.headers.get("accept-language", "").lower()
    if asked[:2] in {"zh", "en"}:
        return asked[:2]
    return platform.settings.language


def remember_language(response: Response, language: str) -> None:
    """Keep a language for pages that are shown without a session: the door and errors."""
    response.set_cookie(LANGUAGE, language, max_age=_YEAR, httponly=True, samesite="lax")


def here(request: Request) -> str:
    """Answer the address that was asked for, within this site."""
    query = f"?{request.url.query}" if request.url.query else ""
    return request.url.path + query
