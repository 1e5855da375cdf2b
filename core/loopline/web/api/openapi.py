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
    "409": "Changed by somebody else",
    "412": "Another version",
    "413": "Too large",
    "422": "Breaks a rule; every problem is named",
}


def openapi(routes: Iterable[ApiRoute], prefix: str) -> dict[str, Any]:
    """Answer the document for the given operations."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = prefix + _PATH_PARAMETER.sub(r"{\1}", route.path)
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
        "responses": {
            "200": {"description": "Done"},
            **{
                status: {
                    "description": text,
                    "content": {
                        "application/problem+json": {
                            "schema": {"$ref": "#/components/schemas/Problem"}
                        }
                    },
                }
                for status, text in _REFUSALS.items()
            },
        },
    }
    if route.scope != "public":
        operation["security"] = [{"token": []}]
        operation["x-scope"] = route.scope
    if route.writes:
        kind = "multipart/form-data" if route.form else "application/json"
        operation["requestBody"] = {"content": {kind: {"schema": {}}}}
    return operation


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
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in route.parameters
    ]


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
