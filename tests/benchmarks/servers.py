"""Real servers for the measurements: each in a process of its own, on the loopback address."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TESTS: Final = str(Path(__file__).parent.parent)


@dataclass(frozen=True)
class Server:
    """A running server; ``started`` is how long it took to listen, in seconds."""

    port: int
    process: int
    started: float

    def memory(self) -> int:
        """Answer the memory of its own that it holds, in MB (Linux), without mapped files."""
        return sum(map(_memory, (self.process, *_children(self.process)))) // 1024


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """Answer the environment of a process that belongs to the measurements."""
    compiled = {"PYTHONDONTWRITEBYTECODE": ""}  # as installed: compiled once
    paths = os.pathsep.join((_TESTS, os.environ.get("PYTHONPATH", "")))
    return {**os.environ, **compiled, "PYTHONPATH": paths, **more}


@contextmanager
def uvicorn(application: str, more: Mapping[str, str]) -> Iterator[Server]:
    """Serve an application factory, ``module:function``, until the block is left."""
    command = ["uvicorn", application, "--factory", "--no-access-log", "--log-level", "warning"]
    with _serving([*command, "--host", "127.0.0.1", "--port", "{port}"], more) as server:
        yield server


@contextmanager
def gunicorn(application: str, more: Mapping[str, str]) -> Iterator[Server]:
    """Serve a WSGI application, ``module:name``, by eight threads until the block is left."""
    command = ["gunicorn", application, "--threads", "8", "--keep-alive", "75"]
    command += ["--bind", "127.0.0.1:{port}", "--log-level", "warning"]
    with _serving(command, more) as server:
        yield server


@contextmanager
def _serving(command: Sequence[str], more: Mapping[str, str]) -> Iterator[Server]:
    port = _free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", *(part.format(port=port) for part in command)],
        env=environment(more),
    )
    try:
        _wait(port, process)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(2000):
        if process.poll() is not None:
            raise RuntimeError("the server ended")
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)
    raise RuntimeError("the server does not answer")


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [int(one) for one in listed]


def _memory(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1])
    return 0
