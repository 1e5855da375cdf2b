"""For those who watch over a site: whether it lives, whether it can serve, its numbers."""

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from loopline import __version__
from loopline.access.context import Context
from loopline.errors import Unavailable
from loopline.jobs.figures import last_look, read_figures
from loopline.store.backup.sqlite import file_of
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.metering import MEDIA_TYPE, RequestMeter, site_numbers


async def say_alive(request: Request) -> Response:
    """Answer without asking the database: the process runs, whatever else does."""
    return PlainTextResponse("alive")


def health(ctx: Context, request: ApiRequest) -> Answer:
    """Answer whether the site can serve. Raises Unavailable where its database is gone."""
    settings = ctx.settings
    if settings.is_sqlite and not Path(file_of(settings.database_url)).is_file():
        raise Unavailable(code="database.unreachable", reason="no such file")
    return Answer(
        content={
            "status": "ok",
            "version": __version__,
            "release": ctx.snapshot.revision,
            "worker_seen": last_look(ctx.connection),
        }
    )


class WatchingApi:
    """The operations that know the requests of this process."""

    def __init__(self, meter: RequestMeter) -> None:
        self._meter = meter

    def metrics(self, ctx: Context, request: ApiRequest) -> Answer:
        """Answer the numbers of the site and of this process; none of them is about a person."""
        figures = read_figures(ctx.connection, ctx.now)
        site = site_numbers(figures, ctx.now, ctx.snapshot.revision)
        return Answer(content=self._meter.text(site), media_type=MEDIA_TYPE)

    def routes(self) -> Sequence[ApiRoute]:
        """Answer the operations."""
        return (
            ApiRoute(
                method="GET",
                path="/health",
                handler=health,
                scope="public",
                summary="Whether the site can serve, and what it serves; 503 where it cannot",
            ),
            ApiRoute(
                method="GET",
                path="/metrics",
                handler=self.metrics,
                scope="read",
                summary="Numbers of requests, jobs, mails and webhooks, as Prometheus reads them",
                gives="text/plain",
            ),
        )
