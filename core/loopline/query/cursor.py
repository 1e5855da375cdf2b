"""Cursors: where a page ended, as an opaque text that a URL can carry.

A cursor carries the sort values of a row and a check sum over them and over the list they belong
to (entity, sort keys, what the columns of those keys store), so that it is of no use to another.
"""

import base64
import binascii
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Final

import orjson

from loopline.errors import BadRequest, Problem

_MARK_BYTES: Final = 6


def encode(values: Sequence[object], belongs: Sequence[str]) -> str:
    """Answer the cursor that stands at a row with these sort values, in the list it belongs to."""
    payload = orjson.dumps([_tagged(value) for value in values])
    return base64.urlsafe_b64encode(_mark(payload, belongs) + payload).decode().rstrip("=")


def decode(text: str, belongs: Sequence[str]) -> tuple[object, ...]:
    """Answer the sort values. Raises BadRequest when it is broken or belongs to another list."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mark, payload = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if mark != _mark(payload, belongs):
            raise ValueError("not made for this list")
        return tuple(map(_untagged, orjson.loads(payload)))
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise BadRequest(Problem("cursor", "query.cursor")) from None


def _mark(payload: bytes, belongs: Sequence[str]) -> bytes:
    """Answer the check sum by which a cursor that was typed, cut off or moved is known."""
    return blake2b(orjson.dumps(belongs) + payload, digest_size=_MARK_BYTES).digest()


def _tagged(value: object) -> Any:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value


def _untagged(value: Any) -> object:
    if isinstance(value, dict):
        if "t" in value:
            return datetime.fromisoformat(value["t"])
        return date.fromisoformat(value["d"])
    if value is None or isinstance(value, str | int | bool):
        return value
    raise ValueError("a cursor holds scalars")
