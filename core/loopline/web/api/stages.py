"""The stages that a record has gone through, for programs."""

from collections.abc import Iterable
from typing import Any, Final

from loopline.access.context import Context
from loopline.services.pipelines.reading import StageEntry, stages
from loopline.services.titles import titles
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.records import known_entity
from loopline.web.api.shapes import moment

_USER: Final = "user"


def record_stages(ctx: Context, request: ApiRequest) -> Answer:
    """Answer the stages of a record, oldest first."""
    found = stages(ctx, known_entity(ctx, request).id, request.record_id())
    called = titles(ctx, _USER, _people(found))
    return Answer(content={"items": [_item(one, called) for one in found]})


def _people(found: Iterable[StageEntry]) -> set[int]:
    return {who for one in found for who in (one.actor, one.owner) if who is not None}


def _item(one: StageEntry, called: dict[int, str]) -> dict[str, Any]:
    amount = one.amount
    return {
        "pipeline": one.pipeline,
        "field": one.field,
        "from": one.before,
        "to": one.after,
        "at": moment(one.at),
        "actor": one.actor,
        "actor_name": None if one.actor is None else called.get(one.actor),
        "owner": one.owner,
        "owner_name": None if one.owner is None else called.get(one.owner),
        "amount": None if amount is None else {"amount": str(amount), "currency": one.currency},
        "stay": one.stay,
    }


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}/stages",
        handler=record_stages,
        scope="read",
        summary="The stages that a record went through, and how long it stayed",
    ),
)
