"""Messages: from the bytes of a mail to who wrote what, and whether a program did."""

import hashlib
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Final

_BREAKS: Final = re.compile(r"<\s*(?:br|/p|/div|/tr|/li|/h[1-6])\b[^>]*>", re.IGNORECASE)
_BLANKS: Final = re.compile(r"\n\s*\n\s*")
_LISTS: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
_MACHINES: Final = ("mailer-daemon@", "postmaster@", "no-reply@", "noreply@")
_SIGNS: Final = ("X-Autoreply", "X-Autorespond", "List-Id")
_LONGEST: Final = 20_000
_NAMES: Final = re.compile(r"<[^<>\s]{1,500}>")
_LONGEST_THREAD: Final = 50
_CHARSETS: Final = {"gb2312": "gb18030", "gbk": "gb18030"}


@dataclass(frozen=True, kw_only=True, slots=True)
class MailIn:
    """A message. ``key`` is a hash of its Message-ID, or of all of it where it has none.

    ``thread`` names the messages that it answers, the newest first, as their Message-IDs do.

    ``automatic`` says that nobody wrote it: an answer by a program, a list, a bounce (RFC 3834).
    """

    key: str
    name: str
    address: str
    subject: str
    text: str
    automatic: bool
    attachments: int
    thread: tuple[str, ...] = ()


def read_message(raw: bytes) -> MailIn:
    """Answer what a message says; broken parts of it are read as far as they go."""
    message = message_from_bytes(raw)
    name, address = parseaddr(_header(message, "From"))
    parts = [part for part in message.walk() if not part.is_multipart()]
    return MailIn(
        key=message_key(_header(message, "Message-ID").strip()) or hashed(raw),
        name=" ".join(name.split()) or address.partition("@")[0],
        address=address,
        subject=" ".join(_header(message, "Subject").split()),
        text=_text(parts)[:_LONGEST],
        automatic=_is_automatic(message, address),
        attachments=sum(1 for part in parts if part.get_filename()),
        thread=_thread(message),
    )


def message_key(name: str) -> str:
    """Answer the key of a message by its Message-ID, blank for none."""
    return hashed(name.encode()) if name else ""


def hashed(content: bytes) -> str:
    """Answer the hash under which a message is remembered."""
    return hashlib.sha256(content).hexdigest()


def _thread(message: Message) -> tuple[str, ...]:
    """Answer what a message answers (RFC 5322, 3.6.4): its parent, then its ancestors upwards."""
    parents = _NAMES.findall(_header(message, "In-Reply-To"))
    ancestors = _NAMES.findall(_header(message, "References"))
    return tuple(dict.fromkeys([*parents, *reversed(ancestors)]))[:_LONGEST_THREAD]


def _header(message: Message, name: str) -> str:
    """Answer a head line, its encoded words read; one in bytes is UTF-8 (RFC 6532) or Chinese."""
    found = (str(value) for key, value in message.raw_items() if key.lower() == name.lower())
    content = next(found, "").encode("utf-8", "surrogateescape")
    try:
        raw = content.decode("utf-8")
    except UnicodeDecodeError:
        raw = content.decode("gb18030", "replace")
    try:
        return str(make_header(decode_header(raw)))
    except (HeaderParseError, LookupError, ValueError):
        return raw


def _is_automatic(message: Message, address: str) -> bool:
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted != "no"
        or precedence in _LISTS
        or any(sign in message for sign in _SIGNS)
        or str(message.get("Return-Path", "")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
        or address.lower().startswith(_MACHINES)
    )


def _text(parts: list[Message]) -> str:
    """Answer the plain text of a message, made from its HTML where it has no other."""
    plain = "\n".join(_of_type(parts, "text/plain")).strip()
    if plain:
        return plain.replace("\r\n", "\n")
    return "\n".join(_plain(one) for one in _of_type(parts, "text/html")).strip()


def _of_type(parts: list[Message], wanted: str) -> Iterator[str]:
    for part in parts:
        if part.get_content_type() == wanted and not part.get_filename():
            yield _decoded(part)


def _decoded(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    charset = (part.get_content_charset() or "utf-8").lower()
    try:
        return content.decode(_CHARSETS.get(charset, charset), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _plain(markup: str) -> str:
    """Answer the text of HTML, a line for each of its blocks."""
    import nh3  # heavy leaf

    broken = _BREAKS.sub("\n", " ".join(markup.split()))
    text = html.unescape(nh3.clean(broken, tags=set()))
    lines = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return _BLANKS.sub("\n\n", lines)
