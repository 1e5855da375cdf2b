"""A load generator of a few lines: kept-alive sockets in threads, nothing on top of them."""

import json
import socket
import statistics
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

Request = tuple[str, str, Any]
"""Method, path, body."""


@dataclass(frozen=True)
class Result:
    """Requests a second, and how long each took."""

    rate: float
    times: tuple[float, ...]

    def quantile(self, hundredth: int) -> float:
        """Answer the time under which so many of a hundred stayed."""
        return statistics.quantiles(self.times, n=100)[hundredth - 1]


class Client:
    """One kept-alive connection."""

    def __init__(self, port: int, headers: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._headers = headers

    def send(self, request: Request) -> bytes:
        """Send a request, answer the body. Raises RuntimeError for a refusal."""
        method, path, content = request
        data = b"" if content is None else json.dumps(content).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: localhost\r\n"
            f"{self._headers}\r\n"
            f"content-type: application/json\r\ncontent-length: {len(data)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + data)
        return self._receive()

    def _receive(self) -> bytes:
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        while len(body) < length:
            body += self._more()
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(f"{head!r} {body!r}")
        return body

    def _more(self) -> bytes:
        received = self._socket.recv(262_144)
        if not received:
            raise ConnectionError("the server closed the connection")
        return received

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


def drive(port: int, headers: str, clients: int, make: Callable[[], Request], each: int) -> Result:
    """Send ``each`` requests by every one of some clients at once."""
    opened = [Client(port, headers) for _ in range(clients)]
    times: list[float] = []

    def work(client: Client) -> None:
        for _ in range(each):
            request = make()
            start = perf_counter()
            client.send(request)
            times.append(perf_counter() - start)

    threads = [threading.Thread(target=work, args=(client,)) for client in opened]
    start = perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = perf_counter() - start
    for client in opened:
        client.close()
    if len(times) != each * clients:
        raise RuntimeError("a client was refused")
    return Result(len(times) / taken, tuple(times))


def median(results: Sequence[Result]) -> Result:
    """Answer the median rate, and the times of all runs together."""
    rate = statistics.median(one.rate for one in results)
    return Result(rate, tuple(time for one in results for time in one.times))
