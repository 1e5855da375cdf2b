"""``loopline serve`` as a process: it answers, refuses, and stops when told to."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough: the database makes no difference to serving."""
    return sqlite_url


@pytest.fixture
def served(site: Path, port: int, tmp_path: Path) -> Iterator[subprocess.Popen]:
    command = Path(sys.executable).with_name("loopline")
    words = [command, "serve", "--site", site, "--port", str(port)]
    log = {"LOOPLINE_LOG_FORMAT": "json", "LOOPLINE_LOG_LEVEL": "info"}
    with (tmp_path / "log").open("wb") as told:
        process = subprocess.Popen(words, env={**os.environ, **log, "LANG": "C"}, stderr=told)
    _wait_for(f"http://127.0.0.1:{port}/api/v1/health")
    yield process
    process.kill()
    process.wait()


def _wait_for(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 loopback
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)


def test_it_stops_in_order_when_told_to(served) -> None:
    served.send_signal(signal.SIGTERM)
    assert served.wait(timeout=20) == 0


def test_a_request_at_hand_is_answered_before_it_stops(served, port, tmp_path) -> None:
    body = b'{"name": "A"}'
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(
            b"POST /api/v1/records/x_thing HTTP/1.1\r\nHost: localhost\r\nX-Request-ID: seven\r\n"
            b"Content-Length: %d\r\n\r\n" % len(body)
        )
        time.sleep(0.5)  # it is at hand now
        served.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        line.sendall(body)
        answer = line.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"x-request-id: seven" in answer.lower()
    assert served.wait(timeout=20) == 0
    told = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert [one["status"] for one in told if one.get("request") == "seven"] == [401]


def test_a_port_that_is_taken_is_told(served, on_site, port) -> None:
    result = on_site("serve", "--port", port)
    assert (result.exit_code, str(port) in result.stderr) == (1, True)


def test_several_processes_need_postgresql(on_site) -> None:
    result = on_site("serve", "--workers", 2)
    assert (result.exit_code, "PostgreSQL" in result.stderr) == (2, True)
    assert on_site("serve", "--port", 0).exit_code == 2
