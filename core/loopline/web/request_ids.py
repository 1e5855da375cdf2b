"""The id of the request at hand: taken from the caller or made, in every line of the log."""

import re
import secrets
from contextvars import ContextVar
from typing import Final

HEADER: Final = "x-request-id"
_GIVEN: Final = re.compile(r"[A-Za-z0-9._:/+=-]{1,100}")
_current: Final[ContextVar[str]] = ContextVar("loopline_request_id", default="")
"""A key, not a value: each request runs in a context of its own."""


def begin_request(given: str) -> str:
    """Note the id of the request that begins, one of our own where none or an odd one is given."""
    known = given if _GIVEN.fullmatch(given) else secrets.token_hex(8)
    _current.set(known)
    return known


def request_id() -> str:
    """Answer the id of the request at hand, empty outside of any."""
    return _current.get()
