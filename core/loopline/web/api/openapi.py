"""The OpenAPI document, made from the routes themselves."""

import re
from collections.abc import Iterable
from typing import Any, Final

from loopline import __version__
from loopline.web.api.dispatch import ApiRoute

_PATH_PARAMETER: Final = re.compile(r"{(\w+)(?::(\w+))?}")
_REFUSALS: Final = {
    "400": "Cannot be read",
    "401": "No valid token",
    "403": "Not allowed",
    "404": "Not there",
    "405": "Not for this method",
    "409": "Changed by somebody else",
    "412": "Another version",
    "413": "Too large",
    "422": "Breaks a rule; every problem is named",
    "429": "Too many requests",
}


def openapi(routes: Iterable[ApiRoute], prefix: str) -> dict[str, Any]:
    """Answer the document for the given operations."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = prefix + route.shown_path
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Loopline", "version": __version__},
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": _PROBLEM},
        },
    }


def _operation(route: ApiRoute) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": route.summary,
        "operationId": f"{route.method.lower()}_{re.sub(r'[^a-z]+', '_', route.path).strip('_')}",
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {**_successes(route), **_refusals()},
    }
    if route.scope != "public":
        operation["security"] = [{"token": []}]
        operation["x-scope"] = route.scope
    if route.has_body:
        operation["requestBody"] = _body(route)
    return operation


def _successes(route: ApiRoute) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in (route.success, *route.also):
        found[str(status)] = {"description": "Done"}
        if status != 204:
            found[str(status)]["content"] = {route.gives: {"schema": {}}}
    return found


def _refusals() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}}
    return {status: {"description": text, "content": content} for status, text in _REFUSALS.items()}


def _body(route: ApiRoute) -> dict[str, Any]:
    if not route.form:
        return {"content": {"application/json": {"schema": {"type": ["object", "array"]}}}}
    form = {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "options": {"type": "string", "contentMediaType": "application/json"},
        },
    }
    return {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def _path_parameters(route: ApiRoute) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer" if kind == "int" else "string"},
        }
        for name, kind in _PATH_PARAMETER.findall(route.path)
    ]


def _query_parameters(route: ApiRoute) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "query", "schema": _PARAMETERS.get(name, {"type": "string"})}
        for name in route.parameters
    ]


_PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": 1000},
    "before": {"type": "integer", "minimum": 1},
    "count": {"enum": ["none", "estimate", "exact"]},
    "mode": {"enum": ["partial", "atomic"]},
    "format": {"enum": ["xlsx", "csv", "json"]},
    "deleted": {"enum": ["0", "1"]},
    "provenance": {"enum": ["0", "1"]},
    "filter": {"type": "string", "description": "An expression"},
    "sort": {"type": "string", "description": "Field names, - before one to sort downwards"},
    "fields": {"type": "string", "description": "Field names, also one hop: customer.level"},
}


_PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457 problem details",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "path": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
