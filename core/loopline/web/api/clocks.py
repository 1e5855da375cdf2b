"""The clocks of records over HTTP."""

from datetime import datetime
from typing import Any, Final

from loopline.access.context import Context
from loopline.services.clock_showing import ShownClock, record_clocks
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.records import known_entity


def get_clocks(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the clocks of a record, the newest first, those that ended among them."""
    found = record_clocks(ctx, known_entity(ctx, request).id, request.record_id())
    return Answer(content={"items": [_shape(ctx, one) for one in found]})


def _shape(ctx: Context, one: ShownClock) -> dict[str, Any]:
    language, row = ctx.actor.language, one.row
    return {
        "clock": row.clock,
        "label": one.definition.label.to(language),
        "state": row.state,
        "running": row.finished_at is None,
        "started_at": _moment(row.started_at),
        "due_at": _moment(row.due_at),
        "next_at": _moment(row.next_at),
        "paused_at": _moment(row.paused_at),
        "pause_reason": one.reason.to(language) if one.reason and row.paused_at else None,
        "paused_seconds": row.paused_seconds,
        "passed": list(row.passed),
        "breached_at": _moment(row.breached_at),
        "finished_at": _moment(row.finished_at),
        "told": one.told,
    }


def _moment(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}/clocks",
        handler=get_clocks,
        scope="read",
        summary="The clocks of a record: how each stands, when it ends, how that was computed",
    ),
)
