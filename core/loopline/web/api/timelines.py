"""The timeline of a record, for programs."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.services import records
from loopline.services.timeline import Entry, timeline
from loopline.services.titles import Titles
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST, whole_number
from loopline.web.api.records import known_entity
from loopline.web.api.shapes import comment_shape, moment, value_shape

_MOST_ENTRIES: Final = 200


def record_timeline(ctx: Context, request: ApiRequest) -> Answer:
    """Answer what happened to a record, newest first."""
    entity = known_entity(ctx, request)
    record = records.get(ctx, entity.id, request.record_id(), deleted=True)
    limit = whole_number(request.query, "limit", 30, _MOST_ENTRIES)
    before = whole_number(request.query, "before", LARGEST)
    found = timeline(ctx, entity.id, record.id, limit=limit, before=before)
    items = [_entry(ctx, entry, found.titles) for entry in found.entries]
    return Answer(content={"items": items, "next": found.next})


def _entry(ctx: Context, entry: Entry, titles: Titles) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "at": moment(entry.at),
        "actor": entry.actor,
        "actor_name": entry.actor_name,
        "action": entry.action,
        "via": entry.via,
        "changes": {
            change.field.id: {
                "old": value_shape(ctx, change.field, change.old),
                "new": value_shape(ctx, change.field, change.new),
            }
            for change in entry.changes
        },
        "comment": entry.comment and comment_shape(entry.comment),
        "about": entry.about and _named(entry.about, titles),
    }


def _named(record: tuple[str, int], titles: Titles) -> dict[str, Any]:
    """Answer another record that stands on the timeline."""
    return {"entity": record[0], "id": record[1], "title": titles.get(record, f"#{record[1]}")}


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}/timeline",
        handler=record_timeline,
        scope="read",
        summary="What happened to a record",
        parameters=("before", "limit"),
    ),
)
