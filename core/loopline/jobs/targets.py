"""Where webhooks may go: public addresses only, looked up once and connected to as found.

A name that leads to the inside (the loopback, a private network, a cloud's metadata service) must
not turn this server into somebody's messenger, not even when the name changes between the look-up
and the connection. All addresses of a name have to be allowed, and the one connected to is one of
those that were looked at.
"""

import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from loopline.errors import NotValid, Problem, Unavailable
from loopline.settings import Network

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]
"""Answers the addresses of a host; raises OSError where there is none."""
_PORTS: Final = {"http": 80, "https": 443}
_NAT64: Final = b"\x00\x64\xff\x9b" + bytes(8)
"""64:ff9b::/96, by which IPv6 networks reach IPv4 addresses."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """A URL with its host replaced by an address that was looked at; ``host`` is for the head."""

    url: str
    host: str
    name: str


def check_url(url: str) -> None:
    """Raise NotValid for a URL that webhooks cannot go to whatever it leads to."""
    _split(url)


def find_target(url: str, allowed: Sequence[Network], resolve: Resolve) -> Target:
    """Look a URL's host up, once. Raises NotValid for the inside, Unavailable for no host."""
    parts = _split(url)
    name, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    try:
        found = [ip_address(one.partition("%")[0]) for one in resolve(name, port)]
    except OSError:
        found = []
    if not found:
        raise Unavailable(code="webhook.unknown_host", host=name)
    for address in found:
        if not _is_allowed(address, allowed):
            params = {"host": name, "address": str(address)}
            raise NotValid(Problem("url", "webhook.address", params))
    shown = f"[{found[0]}]" if found[0].version == 6 else str(found[0])
    path = parts.path or "/"
    query = f"?{parts.query}" if parts.query else ""
    host = f"[{name}]" if ":" in name else name
    return Target(
        url=f"{parts.scheme}://{shown}:{port}{path}{query}",
        host=host if port == _PORTS[parts.scheme] else f"{host}:{port}",
        name=name,
    )


def resolve_host(host: str, port: int) -> list[str]:
    """Answer the addresses of a host as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        good = parts.scheme in _PORTS and parts.hostname and parts.port != 0
    except ValueError:
        good = None
    if not good or parts.username or parts.password or any(mark.isspace() for mark in url):
        raise NotValid(Problem("url", "webhook.url", {"url": url}))
    return parts


def _is_allowed(address: Address, allowed: Sequence[Network]) -> bool:
    return any(address in network for network in allowed) or all(
        one.is_global and not one.is_multicast for one in _meant(address)
    )


def _meant(address: Address) -> Iterator[Address]:
    """Yield an address, and the IPv4 addresses that are written inside it."""
    yield address
    if isinstance(address, IPv6Address):
        inside = (address.ipv4_mapped, address.sixtofour, *(address.teredo or ()))
        yield from (one for one in inside if one is not None)
        if address.packed.startswith(_NAT64):
            yield IPv4Address(address.packed[-4:])
