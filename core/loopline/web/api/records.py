"""Records over HTTP."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from starlette.datastructures import QueryParams

from loopline.access.context import Context
from loopline.errors import BadRequest, NotFound, NotValid, Problem, TooLarge
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.query.lists import Counting, ListQuery, check_filter, page
from loopline.services import bin as recycle_bin
from loopline.services import lines, records
from loopline.services.line_rights import seen_lines
from loopline.services.values import read_bodies, read_body
from loopline.store.rows import Record
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.parameters import LARGEST, flag, one_of, whole_number
from loopline.web.api.shapes import record_shape, value_shape

MOST_AT_ONCE: Final = 1_000
_IF_MATCH: Final = re.compile(r'"?(\d{1,19})"?', re.ASCII)
_COUNTS: Final = ("none", "estimate", "exact")
_LIST_PARAMETERS: Final = (
    "filter",
    "sort",
    "fields",
    "q",
    "view",
    "limit",
    "cursor",
    "count",
    "deleted",
)


def known_entity(ctx: Context, request: ApiRequest) -> EntityDef:
    """Answer the entity of the path. Raises NotFound."""
    name = request.path["entity"]
    if not ctx.catalog.has("entity", name):
        raise NotFound(code="entity.not_found", entity=name)
    return ctx.catalog.entity(name)


def list_query(ctx: Context, request: ApiRequest) -> ListQuery:
    """Read a list query from the parameters; a view supplies what they leave out."""
    entity, given = known_entity(ctx, request), request.query
    view = ctx.catalog.view(entity.id, given["view"]) if given.get("view") else None
    filters = [view.filter if view else "", asked_filter(ctx, entity, given)]
    filters = [text for text in filters if text.strip()]
    return ListQuery(
        entity=entity.id,
        filter=filters[0] if len(filters) == 1 else " && ".join(f"({one})" for one in filters),
        q=given.get("q", ""),
        sort=asked_sort(given) or (view.sort if view else ()),
        fields=local_names(entity, given.get("fields")),
        limit=whole_number(given, "limit", 50, MOST_AT_ONCE, "query.limit"),
        cursor=given.get("cursor") or None,
        count=cast("Counting", one_of(given, "count", _COUNTS)),
        deleted=flag(given, "deleted"),
    )


def asked_sort(given: QueryParams) -> tuple[str, ...]:
    """Answer the sort keys that were asked for, none for the usual order."""
    return _names(given.get("sort"))


def asked_filter(ctx: Context, entity: EntityDef, given: QueryParams) -> str:
    """Answer the filter that was asked for. Raises BadRequest where it cannot be understood."""
    text = given.get("filter", "")
    if not text.strip():
        return ""
    try:
        check_filter(ctx, entity.id, text)
    except NotValid as error:
        problems = (Problem("filter", one.code, one.params) for one in error.problems)
        raise BadRequest(*problems) from None
    return text


def list_records(ctx: Context, request: ApiRequest) -> Answer:
    """Answer one page."""
    query = list_query(ctx, request)
    found = page(ctx, query)
    asked = _names(request.query.get("fields"))
    items = [record_shape(ctx, one, _shown(ctx, one, asked)) for one in found.records]
    _add_hops(ctx, query.entity, found.records, asked, items)
    _add_lines(ctx, ctx.catalog.entity(query.entity), found.records, asked, items)
    count = found.count and {"value": found.count.value, "exact": found.count.exact}
    return Answer(content={"items": items, "next": found.next, "count": count})


def get_record(ctx: Context, request: ApiRequest) -> Answer:
    """Answer one record with its version as ETag; of ``fields`` only those, as lists do."""
    entity, given = known_entity(ctx, request), request.query.get("fields")
    local_names(entity, given)
    found, asked = records.get(ctx, entity.id, request.record_id()), _names(given)
    if not asked:
        return _one(ctx, found)
    item = record_shape(ctx, found, _shown(ctx, found, asked))
    _add_hops(ctx, entity.id, [found], asked, [item])
    _add_lines(ctx, entity, [found], asked, [item])
    return Answer(content=item, headers={"etag": f'"{found.version}"'})


def create_records(ctx: Context, request: ApiRequest) -> Answer:
    """Create one record from an object, or many from an array."""
    entity, body = known_entity(ctx, request), request.json()
    if isinstance(body, list):
        mode = one_of(request.query, "mode", ("partial", "atomic"))
        return _create_many(ctx, entity, body, mode)
    values, unread = read_bodies(ctx, entity.id, [_object(body)])[0]
    records.refuse_unread(ctx, entity.id, values, unread)
    return _one(ctx, lines.create(ctx, entity.id, values), status=201)


def _create_many(ctx: Context, entity: EntityDef, bodies: Sequence[Any], mode: str) -> Answer:
    if len(bodies) > MOST_AT_ONCE:
        raise TooLarge(code="request.too_many", most=MOST_AT_ONCE)
    objects = [_object(body, f"body.{index}") for index, body in enumerate(bodies)]
    read = read_bodies(ctx, entity.id, objects)
    readable = [index for index, (_, problems) in enumerate(read) if not problems]
    outcomes = lines.create_many(ctx, entity.id, [read[index][0] for index in readable])
    refused: dict[int, Sequence[Problem]] = {
        index: problems for index, (_, problems) in enumerate(read) if problems
    }
    created: list[int] = []
    for index, outcome in zip(readable, outcomes, strict=True):
        if isinstance(outcome, tuple):
            refused[index] = outcome
        else:
            created.append(outcome)
    if refused and mode == "atomic":
        raise NotValid(
            *(
                Problem(f"{index}.{one.path}", one.code, one.params)
                for index, problems in sorted(refused.items())
                for one in problems
            )
        )
    language, tell = ctx.actor.language, ctx.messages.tell
    problems = [
        {
            "index": index,
            "problems": [
                {"path": one.path, "code": one.code, "message": tell(one, language)}
                for one in found
            ],
        }
        for index, found in sorted(refused.items())
    ]
    return Answer(content={"created": created, "problems": problems})


def update_record(ctx: Context, request: ApiRequest) -> Answer:
    """Change fields of a record, strictly (If-Match), merging (_base), or last write wins."""
    entity = known_entity(ctx, request)
    body = dict(_object(request.json()))
    base = body.pop("_base", None)
    if base is not None and not (type(base) is int and 1 <= base <= LARGEST):
        raise BadRequest(Problem("_base", "request.version"))
    values = read_body(ctx, entity.id, body)
    changed = lines.update(
        ctx, entity.id, request.record_id(), values, base=base, if_match=_if_match(request)
    )
    return _one(ctx, changed)


def delete_record(ctx: Context, request: ApiRequest) -> Answer:
    """Move a record to the recycle bin, the version of If-Match if one is given."""
    entity = known_entity(ctx, request)
    recycle_bin.delete(ctx, entity.id, request.record_id(), if_match=_if_match(request))
    return Answer(status=204)


def restore_record(ctx: Context, request: ApiRequest) -> Answer:
    """Bring a record back from the recycle bin, the version of If-Match if one is given."""
    entity, if_match = known_entity(ctx, request), _if_match(request)
    return _one(ctx, recycle_bin.restore(ctx, entity.id, request.record_id(), if_match=if_match))


def _one(ctx: Context, record: Record, status: int = 200) -> Answer:
    headers = {"etag": f'"{record.version}"'}
    if status == 201:
        headers["location"] = f"/api/v1/records/{record.entity}/{record.id}"
    shape = record_shape(ctx, record)
    entity = ctx.catalog.entity(record.entity)
    _add_lines(ctx, entity, [record], [one.id for one in lines.lines_of(entity)], [shape])
    return Answer(content=shape, status=status, headers=headers)


def _add_lines(
    ctx: Context,
    entity: EntityDef,
    found: Sequence[Record],
    names: Sequence[str],
    items: Sequence[dict[str, Any]],
) -> None:
    """Add the named lines of records: one query a field, whatever the number of records."""
    held = lines.read_lines(ctx, entity, [record.id for record in found], names)
    for name, by_record in held.items():
        seen = seen_lines(ctx, entity.fields[name], by_record)
        for record, item in zip(found, items, strict=True):
            item[name] = [record_shape(ctx, line) for line in seen.get(record.id, ())]


def _object(body: object, path: str = "body") -> Mapping[str, object]:
    if not isinstance(body, dict):
        raise BadRequest(Problem(path, "request.object"))
    return body


def _if_match(request: ApiRequest) -> int | None:
    header = request.headers.get("if-match")
    if header is None or header.strip() == "*":
        return None
    match = _IF_MATCH.fullmatch(header.strip())
    if match is None:
        raise BadRequest(Problem("If-Match", "request.version"))
    return int(match[1])


def _names(text: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in (text or "").split(",") if name.strip())


def local_names(entity: EntityDef, text: str | None) -> tuple[str, ...] | None:
    """Answer the fields of the entity itself that a list of names needs; None for all of them.

    Raises BadRequest naming what is no field.
    """
    if text is None:
        return None
    names = dict.fromkeys(name.split(".")[0] for name in _names(text))
    unknown = [name for name in names if entity.field(name) is None]
    if unknown:
        params = {"field": ", ".join(unknown), "entity": entity.label}
        raise BadRequest(Problem("fields", "field.unknown", params))
    return tuple(name for name in names if name in entity.fields)


def _shown(ctx: Context, record: Record, asked: Sequence[str]) -> list[str] | None:
    shown = ctx.snapshot.table(record.entity).shown
    return [name for name in asked if name in shown] if asked else None


def _add_hops(
    ctx: Context,
    entity: str,
    found: Sequence[Record],
    asked: Sequence[str],
    items: list[dict[str, Any]],
) -> None:
    """Add ``customer.level`` and the like: one query a link, whatever the number of rows."""
    hops = [tuple(name.split(".", 1)) for name in asked if "." in name]
    definition = ctx.catalog.entity(entity)
    targets = [_hop(ctx, definition, link, name) for link, name in hops]
    linked = {
        link: _behind(ctx, definition.fields[link], found)
        for link in dict.fromkeys(link for link, _ in hops)
    }
    for record, item in zip(found, items, strict=True):
        for (link, name), field in zip(hops, targets, strict=True):
            target_id = record.values.get(link)
            other = linked[link].get(target_id) if isinstance(target_id, int) else None
            item[f"{link}.{name}"] = other and value_shape(ctx, field, other.value(name))


def _behind(ctx: Context, link: FieldDef, found: Sequence[Record]) -> Mapping[int, Record]:
    """Answer the records that a link of some leads to, as the actor sees them."""
    values = (one.values.get(link.id) for one in found)
    return records.readable(ctx, link.to, {one for one in values if isinstance(one, int)})


def _hop(ctx: Context, entity: EntityDef, link: str, name: str) -> FieldDef:
    """Answer the field at the end of one hop. Raises BadRequest."""
    field = entity.fields.get(link)
    known = field is not None and field.to and ctx.catalog.has("entity", field.to)
    target = ctx.catalog.entity(field.to).field(name) if field and known else None
    if target is None:
        params = {"field": f"{link}.{name}", "entity": entity.label}
        raise BadRequest(Problem("fields", "field.unknown", params))
    return target


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/records/{entity}",
        handler=list_records,
        scope="read",
        summary="List records by keyset",
        parameters=_LIST_PARAMETERS,
    ),
    ApiRoute(
        method="POST",
        path="/records/{entity}",
        handler=create_records,
        scope="write",
        summary="Create a record, or up to 1,000 from an array",
        success=201,
        also=(200,),
        parameters=("mode",),
    ),
    ApiRoute(
        method="GET",
        path="/records/{entity}/{id:int}",
        handler=get_record,
        scope="read",
        summary="Read a record",
        parameters=("fields",),
    ),
    ApiRoute(
        method="PATCH",
        path="/records/{entity}/{id:int}",
        handler=update_record,
        scope="write",
        summary="Change fields of a record",
    ),
    ApiRoute(
        method="DELETE",
        path="/records/{entity}/{id:int}",
        handler=delete_record,
        scope="write",
        summary="Move a record to the recycle bin",
        success=204,
    ),
    ApiRoute(
        method="POST",
        path="/records/{entity}/{id:int}/restore",
        handler=restore_record,
        scope="write",
        summary="Restore a record from the recycle bin",
    ),
)
