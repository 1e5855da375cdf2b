"""The URL field: a web address that is safe to open."""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

from loopline.fields.base import Unreadable, Widget
from loopline.fields.cleaning import clean_line, excerpt
from loopline.fields.definition import FieldDef
from loopline.fields.email import domain_is_valid
from loopline.fields.text import ShortTextType

_BARE_HOST = re.compile(r"[^\s/?#@:]+\.[^\s/?#@:.]+(?::\d+)?(?:[/?#].*)?")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_INTRANET = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class UrlType(ShortTextType):
    """An http or https address; ``www.example.com`` becomes ``https://www.example.com``."""

    id = "url"
    longest = 2000

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer the address with its scheme and a lower-case host.

        Raises Unreadable ``url.scheme`` for javascript: and the like, ``url.invalid`` else.
        """
        address = clean_line(text)
        if not address:
            return ""
        if _BARE_HOST.fullmatch(address):
            address = f"https://{address}"
        elif address.startswith("//"):
            address = f"https:{address}"
        elif (scheme := _SCHEME.match(address)) and not _is_web(scheme[0]):
            raise Unreadable("url.scheme", text=excerpt(text))
        try:
            return _normal(address)
        except ValueError:
            raise Unreadable("url.invalid", text=excerpt(text)) from None

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a plain input: browsers' own check would refuse an address without scheme."""
        limit = definition.max_length or self.longest
        return Widget(attributes={"inputmode": "url", "maxlength": str(limit)})


def _is_web(scheme: str) -> bool:
    return scheme.lower() in {"http:", "https:"}


def _normal(address: str) -> str:
    if any(character.isspace() or character in '<>"\\' for character in address):
        raise ValueError(address)
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    # A name and password in the address would be shown to everyone who reads the record.
    if not _is_web(f"{parts.scheme}:") or "@" in parts.netloc or not _host_is_valid(host):
        raise ValueError(address)
    shown = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port is not None else ""
    rest = address[address.index("//") + 2 + len(parts.netloc) :]
    return f"{parts.scheme}://{shown}{port}{rest}"


def _host_is_valid(host: str) -> bool:
    if domain_is_valid(host) or _INTRANET.fullmatch(host):
        return True
    ip_address(host)
    return True
