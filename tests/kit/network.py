"""Refuse every connection that would leave this machine."""

import ipaddress
import socket
from collections.abc import Iterator

import pytest


class NetworkRefused(AssertionError):
    """A test tried to reach another machine."""


def _is_local(host: object) -> bool:
    if host in (None, "", b"", "localhost", b"localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self: socket.socket, address: tuple[object, ...] | str | bytes) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
            raise NetworkRefused(f"a test tried to connect to {address[0]!r}")
        connect(self, address)  # type: ignore[arg-type]

    def guarded_look_up(host: object, *rest: object, **options: object) -> object:
        try:
            ipaddress.ip_address(str(host))
        except ValueError:
            if not _is_local(host):
                raise NetworkRefused(f"a test tried to look up {host!r}") from None
        return look_up(host, *rest, **options)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded_connect)
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        yield
