"""The words of the formula language."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from loopline.expr.errors import ExpressionError, fault
from loopline.expr.place import Place, place

MAX_LENGTH: Final = 10_000
RESERVED: Final = frozenset({"true", "false", "null", "in", "me", "and", "or", "not"})
"""Words that no field can have as its id."""

_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign>==|!=|<>|<=|>=|&&|\|\||[-+*/!<>()\[\],.=&|])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "'": "'"}
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # neither database takes these

# What people type who know other languages or have a Chinese keyboard on.
_INSTEAD: Final = {
    "=": "==", "<>": "!=", "&": "&&", "|": "||", "and": "&&", "or": "||", "not": "!",
    "“": '"', "”": '"', "‘": "'", "’": "'", "（": "(", "）": ")", "，": ",", "！": "!",
    "＝": "==", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=", "≠": "!=", "【": "[", "】": "]",
    "×": "*", "÷": "/", "−": "-", "＋": "+", "－": "-", "＊": "*", "／": "/",
}  # fmt: skip


class Kind(StrEnum):
    """What a token is."""

    NUMBER = "number"
    NAME = "name"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word; ``value`` is the text of a text literal without quotes and escapes."""

    kind: Kind
    text: str
    at: Place
    value: str = ""


def tokens(text: str, path: str) -> Iterator[Token]:
    """Yield the words of ``text`` and an end. Raises ExpressionError at what is no word."""
    if len(text) > MAX_LENGTH:
        raise fault(path, "expr.too_long", MAX_LENGTH, limit=MAX_LENGTH)
    if hostile := _UNSTORABLE.search(text):
        raise fault(path, "expr.unstorable", place(text, hostile.start()))
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _no_word(text, at, path)
        if found.lastgroup != "space":
            yield _token(found, path)
        at = found.end()
    yield Token(Kind.END, "", place(text, len(text)))


def _token(found: re.Match[str], path: str) -> Token:
    kind, word = Kind(found.lastgroup or ""), found.group()
    at = place(found.string, found.start())
    if word in _INSTEAD:
        raise fault(path, "expr.use_instead", at, word, use=_INSTEAD[word])
    value = _ESCAPE.sub(_unescape(at.moved(1), path), word[1:-1]) if kind is Kind.TEXT else ""
    return Token(kind, word, at, value)


def _unescape(start: Place, path: str) -> Callable[[re.Match[str]], str]:
    def unescape(found: re.Match[str]) -> str:
        word = found.group(1)
        meant = chr(int(word[1:], 16)) if len(word) > 1 else _ESCAPES.get(word)
        if meant is None:
            raise fault(path, "expr.escape", start.moved(found.start()), found.group())
        if _UNSTORABLE.match(meant):
            raise fault(path, "expr.unstorable", start.moved(found.start()))
        return meant

    return unescape


def _no_word(text: str, at: int, path: str) -> ExpressionError:
    sign, here = text[at], place(text, at)
    if sign in "\"'":
        return fault(path, "expr.unclosed_text", here, sign)
    if sign in _INSTEAD:
        return fault(path, "expr.use_instead", here, sign, use=_INSTEAD[sign])
    return fault(path, "expr.unknown_sign", here, sign)
