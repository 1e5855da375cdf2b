"""Entities over HTTP: what can be stored, and who says so."""

from typing import TYPE_CHECKING, Final

from loopline.access.context import Context
from loopline.meta.document import DocumentKey, Path
from loopline.meta.entities import EntityDef
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import flag
from loopline.web.api.records import known_entity
from loopline.web.api.shapes import entity_shape

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def list_entities(ctx: Context, request: ApiRequest) -> Answer:
    """Answer every entity as resolved."""
    return Answer(content={"items": [entity_shape(one) for one in ctx.catalog.entities()]})


def get_entity(ctx: Context, request: ApiRequest) -> Answer:
    """Answer one entity; with ``provenance=1`` also which layer set each leaf."""
    entity = known_entity(ctx, request)
    shape = entity_shape(entity)
    if flag(request.query, "provenance"):
        owners = ctx.catalog.resolved(DocumentKey("entity", entity.id)).owners
        shape["provenance"] = {
            ".".join(path): layer for path, layer in owners.items() if _is_shown(entity, path)
        }
    return Answer(content=shape)


def _is_shown(entity: EntityDef, path: Path) -> bool:
    """Whether a leaf belongs to what the viewer sees of the entity."""
    elements: Mapping[str, Collection[str]] = {
        "fields": {**entity.fields, **entity.retired},
        "indexes": {one.id for one in entity.indexes},
        "rules": {one.id for one in entity.rules},
    }
    return path[0] not in elements or path[1] in elements[path[0]]


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/entities",
        handler=list_entities,
        scope="read",
        summary="Every entity as resolved",
    ),
    ApiRoute(
        method="GET",
        path="/entities/{entity}",
        handler=get_entity,
        scope="read",
        summary="One entity, with the layer behind every value on request",
        parameters=("provenance",),
    ),
)
