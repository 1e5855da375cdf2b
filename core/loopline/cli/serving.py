"""``loopline serve`` and ``loopline worker``."""

import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click
import uvicorn
from starlette.applications import Starlette

from loopline.bootstrap import Platform, build_platform
from loopline.cli.logs import set_up_logs
from loopline.cli.memory import collect_seldom
from loopline.cli.options import open_platform, refusals, site_option, site_settings
from loopline.errors import Unavailable
from loopline.settings import load_settings
from loopline.web.app import create_app

if TYPE_CHECKING:
    from loopline.jobs.worker import Worker

PORT: Final = click.IntRange(1, 65_535)
GRACE: Final = 30
"""Seconds that requests at hand may take to end when the site is stopped."""
AT_LEAST_ONE: Final = click.IntRange(min=1)


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
@click.option(
    "--workers",
    type=AT_LEAST_ONE,
    default=1,
    show_default=True,
    help="Web processes (1 on SQLite).",
)
@click.option("--no-worker", is_flag=True, help="Leave the jobs to `loopline worker`.")
def serve(site: Path, host: str, port: int, workers: int, *, no_worker: bool) -> None:
    """Serve the site, with a worker for its jobs inside."""
    with refusals():
        settings = site_settings(site)
    if workers > 1 and settings.is_sqlite:
        raise click.UsageError("--workers above 1 needs PostgreSQL; SQLite has one process")
    set_up_logs(settings.log)
    with refusals(), open_platform(site) as platform:
        platform.migrate()
        if workers == 1:
            serve_platform(platform, host, port, worker=not no_worker)
            return
        os.environ["LOOPLINE_SITE"] = str(site.resolve())
        with _working(platform, wanted=not no_worker):
            require_free(host, port)
            # uvloop: with asyncio the sockets handed to the processes lack TCP_NODELAY
            uvicorn.run(
                "loopline.cli.serving:application",
                factory=True,
                host=host,
                port=port,
                workers=workers,
                loop="uvloop",
                log_level="warning",
                log_config=None,
                timeout_graceful_shutdown=GRACE,
            )


def serve_platform(platform: Platform, host: str, port: int, *, worker: bool) -> None:
    """Serve until told to stop; the request at hand and the job at hand are finished."""
    require_free(host, port)
    # uvicorn ends by raising the signal again: it must not end the process before the worker has
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _working(platform, wanted=worker):
        uvicorn.run(
            create_app(platform),
            host=host,
            port=port,
            log_level="warning",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=GRACE,
        )


def require_free(host: str, port: int) -> None:
    """Raise Unavailable where something else listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            params = {"host": host, "port": port, "reason": error.strerror}
            raise Unavailable(code="serve.port", **params) from None


@contextmanager
def _working(platform: Platform, *, wanted: bool) -> Iterator[None]:
    """Have a worker run jobs meanwhile; the job at hand is finished at the end."""
    jobs = platform.worker() if wanted else None
    if jobs is not None:
        jobs.start()
    try:
        yield
    finally:
        if jobs is not None:
            jobs.stop()


def application() -> Starlette:
    """Answer the application of one of several web processes; the site is in the environment."""
    collect_seldom()
    settings = load_settings(Path(os.environ["LOOPLINE_SITE"]))
    set_up_logs(settings.log)
    return create_app(build_platform(settings))


@click.command()
@site_option
@click.option(
    "--concurrency", type=AT_LEAST_ONE, default=1, show_default=True, help="Jobs at a time."
)
def worker(site: Path, concurrency: int) -> None:
    """Run the site's jobs until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with refusals(), open_platform(site) as platform:
        set_up_logs(platform.settings.log)
        running: list[Worker] = [platform.worker() for _ in range(concurrency)]
        for one in running:
            one.start()
        stop.wait()
        for one in running:
            one.stop()
