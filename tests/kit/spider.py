"""Every page of a site that a link of another leads to, one address for each shape of address."""

import html
import re
from collections import Counter, deque
from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

_LINK: Final = re.compile(r'<a\b[^>]*\bhref="([^"#]+)')
_NUMBER: Final = re.compile(r"/\d+(?=/|$)")
_RECORDS: Final = re.compile(r"^/records/[a-z0-9_]+")
_FILES: Final = re.compile(r"^/(static|files|api|logout)\b|/export\b|\.(xlsx|csv|pdf|json)$")
_TOLD_APART: Final = frozenset({"view", "tab", "step"})
"""Parameters whose values lead to pages of different make."""
_ALIKE: Final = 8
"""Addresses of one path that are followed: those of a list differ in order and filter only."""

Fetch = Callable[[str], tuple[int, str]]
"""Answers the status and the text of a page by its address."""


def shape(address: str) -> str:
    """Answer what addresses of pages of the same make have in common."""
    parts = urlsplit(address)
    named = {
        f"{name}={value}" if name in _TOLD_APART else name
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    }
    return "?".join([_NUMBER.sub("/#", parts.path), "&".join(sorted(named))]).rstrip("?")


def spin(fetch: Fetch, start: str = "/") -> tuple[dict[str, str], list[str]]:
    """Follow all links from a page on; answer an address for each shape, and what did not answer.

    Links to files are not followed.
    """
    found: dict[str, str] = {}
    broken: list[str] = []
    ways, waiting = Counter[str](), deque([start])
    while waiting:
        address = waiting.popleft()
        kind = shape(address)
        path = kind.partition("?")[0]
        if kind in found or ways[path] == _ALIKE:
            continue
        ways[path] += 1
        found[kind] = address
        status, text = fetch(address)
        if status != 200 or 'class="failed"' in text:
            broken.append(f"{address}: {status}")
        waiting.extend(_links(address, text))
    return found, broken


def one_of_each(found: dict[str, str], entities: int) -> dict[str, str]:
    """Leave the pages of some entities whose make is the same as that of the others' out.

    Lists, records and forms are kept of every entity; bins, views and the like of a few.
    """
    kept: dict[str, str] = {}
    makes, ways = Counter[str](), Counter[str]()
    for kind, address in sorted(found.items(), key=lambda one: len(one[0])):
        path = kind.partition("?")[0]
        make = _RECORDS.sub("/records", path)
        ways[path] += 1
        plain = make in {"/records", "/records/#", "/records/new", "/records/#/edit"}
        if (makes[make] < entities or plain) and ways[path] <= 1 + (entities if plain else 0):
            makes[make] += 1
            kept[kind] = address
    return kept


def _links(address: str, text: str) -> list[str]:
    joined = [urljoin(address, html.unescape(one)) for one in _LINK.findall(text)]
    return [one for one in joined if one.startswith("/") and not _FILES.search(one.split("?")[0])]
