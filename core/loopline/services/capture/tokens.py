"""Tokens of public forms: signed, for one form, for a while, and each used once."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from loopline.access.context import Context
from loopline.store.capture import FORMS, read_secret

SHORTEST: Final = timedelta(seconds=3)
"""What a person needs at least to fill in a form."""
_LONGEST: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Token:
    """A token that fits: the number that may be used once, and whether it came too soon."""

    once: str
    early: bool


def new_token(ctx: Context, form: str) -> str:
    """Answer a fresh token for a form."""
    body = f"{int(ctx.now.timestamp())}.{secrets.token_urlsafe(12)}"
    return f"{body}.{_signature(ctx, form, body)}"


def read_token(ctx: Context, form: str, text: str) -> Token | None:
    """Answer the token of a text; None for one that is not ours, of another form, or too old."""
    body, _, signature = text.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(ctx, form, body).encode()):
        return None
    issued, _, once = body.partition(".")
    age = ctx.now - datetime.fromtimestamp(int(issued), UTC)
    return Token(once, early=age < SHORTEST) if age <= _LONGEST else None


def address_mark(ctx: Context, address: str) -> str:
    """Answer the keyed hash under which an address is counted; the address is not kept."""
    return _signature(ctx, "address", address)[:32]


def _signature(ctx: Context, form: str, body: str) -> str:
    key = read_secret(ctx.connection, FORMS)
    return hmac.new(key, f"{form}\n{body}".encode(), "sha256").hexdigest()
