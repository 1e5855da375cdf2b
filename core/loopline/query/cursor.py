"""Cursors: where a page ended, as an opaque text that a URL can carry."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Final

import orjson

from loopline.errors import BadRequest, Problem

_MARK_BYTES: Final = 6


@dataclass(frozen=True, slots=True)
class Cursor:
    """The sort values of the last row seen, under the sort they belong to."""

    sort: tuple[str, ...]
    values: tuple[object, ...]

    def encode(self) -> str:
        """Answer the cursor as text."""
        payload = orjson.dumps([list(self.sort), [_tagged(value) for value in self.values]])
        return base64.urlsafe_b64encode(_mark(payload) + payload).decode().rstrip("=")


def decode(text: str, sort: Sequence[str]) -> Cursor:
    """Read a cursor. Raises BadRequest when it is broken or belongs to another sort."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        mark, payload = raw[:_MARK_BYTES], raw[_MARK_BYTES:]
        if mark != _mark(payload):
            raise ValueError("not made here")
        names, values = orjson.loads(payload)
        cursor = Cursor(tuple(names), tuple(map(_untagged, values)))
    except (ValueError, TypeError, KeyError, binascii.Error):
        raise BadRequest(Problem("cursor", "query.cursor")) from None
    if cursor.sort != tuple(sort) or len(cursor.values) != len(sort):
        raise BadRequest(Problem("cursor", "query.cursor"))
    return cursor


def _mark(payload: bytes) -> bytes:
    """Answer the check sum by which a cursor that was typed or cut off is known."""
    return blake2b(payload, digest_size=_MARK_BYTES).digest()


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
