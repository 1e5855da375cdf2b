"""Duplicates over HTTP: what looks the same as some values, and the twins that are there."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.services.duplicates.filling import twins
from loopline.services.duplicates.finding import LookAlike, look_alikes
from loopline.services.values import read_bodies
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.records import known_entity


def find_duplicates(ctx: Context, request: ApiRequest) -> Answer:
    """Answer what looks the same as ``values``; ``id`` is the record itself, if it is there."""
    entity, body = known_entity(ctx, request), request.json()
    values = body.get("values") if isinstance(body, dict) else None
    if not isinstance(values, dict) or not set(body) <= {"values", "id"}:
        raise BadRequest(Problem("body", "duplicate.values"))
    own = body.get("id") if isinstance(body.get("id"), int) else None
    known = {name: raw for name, raw in values.items() if name in entity.fields}
    read, _ = read_bodies(ctx, entity.id, [known])[0]  # what cannot be read is nobody's twin
    found = look_alikes(ctx, entity.id, read, own)
    return Answer(content={"duplicates": [_shape(ctx, one) for one in found]})


def list_twins(ctx: Context, request: ApiRequest) -> Answer:
    """Answer groups of records that a rule takes for the same, as far as the actor reads them."""
    entity, rule = known_entity(ctx, request), request.query.get("rule", "")
    rules = [one for one in ctx.snapshot.catalog.duplicate_rules if one.entity == entity.id]
    if rule and rule not in {one.id for one in rules}:
        raise ctx.snapshot.catalog.missing("duplicate_rule", rule)
    after = request.query.get("cursor", "") if rule else ""
    groups = [
        {
            "rule": one.id,
            "records": [{"entity": e, "id": record, "title": t} for e, record, t in records],
            "cursor": key,
        }
        for one in rules
        if rule in {"", one.id}
        for key, records in twins(ctx, entity.id, one.id, after)
    ]
    return Answer(content={"groups": groups})


def _shape(ctx: Context, one: LookAlike) -> dict[str, Any]:
    language = ctx.actor.language
    return {
        "rule": one.rule,
        "label": one.label.to(language),
        "on_match": "block" if one.blocks else "warn",
        "entity": one.entity or None,
        "id": one.record,
        "title": one.title or None,
        "owner": one.owner or None,
        "fields": list(one.fields),
        "likeness": one.likeness,
        "message": ctx.messages.say(one.code, language, **one.params),
    }


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/records/{entity}/duplicates",
        handler=find_duplicates,
        scope="read",
        summary="Records that look the same as some values, as far as one may know of them",
        reading=True,
    ),
    ApiRoute(
        method="GET",
        path="/records/{entity}/duplicates",
        handler=list_twins,
        scope="read",
        summary="Groups of records that a rule takes for the same",
        parameters=("rule", "cursor"),
    ),
)
