"""``loopline serve`` and ``loopline worker``."""

import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import click
import uvicorn
from starlette.applications import Starlette

from loopline.bootstrap import Platform, build_platform
from loopline.cli.options import open_platform, refusals, site_option
from loopline.settings import load_settings
from loopline.web.app import create_app

if TYPE_CHECKING:
    from loopline.jobs.worker import Worker


@click.command()
@site_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Web processes (1 on SQLite).")
@click.option("--no-worker", is_flag=True, help="Leave the jobs to `loopline worker`.")
def serve(site: Path, host: str, port: int, workers: int, *, no_worker: bool) -> None:
    """Serve the site, with a worker for its jobs inside."""
    with refusals():
        settings = load_settings(site)
    if workers > 1:
        if settings.is_sqlite:
            raise click.UsageError("--workers above 1 needs PostgreSQL; SQLite has one process")
        os.environ["LOOPLINE_SITE"] = str(site.resolve())
        # uvloop: with asyncio the sockets handed to the processes lack TCP_NODELAY
        uvicorn.run(
            "loopline.cli.serving:application",
            factory=True,
            host=host,
            port=port,
            workers=workers,
            loop="uvloop",
            log_level="warning",
        )
        return
    with open_platform(site) as platform:
        platform.migrate()
        serve_platform(platform, host, port, worker=not no_worker)


def serve_platform(platform: Platform, host: str, port: int, *, worker: bool) -> None:
    """Serve until told to stop; the request at hand and the job at hand are finished."""
    jobs = platform.worker() if worker else None
    if jobs is not None:
        jobs.start()
    try:
        uvicorn.run(
            create_app(platform), host=host, port=port, log_level="warning", access_log=False
        )
    finally:
        if jobs is not None:
            jobs.stop()


def application() -> Starlette:
    """Answer the application of one of several web processes; the site is in the environment."""
    return create_app(build_platform(load_settings(Path(os.environ["LOOPLINE_SITE"]))))


@click.command()
@site_option
@click.option("--concurrency", default=1, show_default=True, help="Jobs at a time.")
def worker(site: Path, concurrency: int) -> None:
    """Run the site's jobs until told to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with refusals(), open_platform(site) as platform:
        running: list[Worker] = [platform.worker() for _ in range(concurrency)]
        for one in running:
            one.start()
        stop.wait()
        for one in running:
            one.stop()
