"""Requests to every operation of an OpenAPI document, likely ones and absurd ones alike.

Schemathesis draws what the document allows; names of entities, fields and actions that exist take
the place of most of its words, so that requests get beyond the first refusal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import schemathesis
from hypothesis import strategies as st

from loopline.meta.catalog import Catalog

Operation = Any
"""An operation as Schemathesis loads it; the library declares no public name for it."""
WORDS = st.text(max_size=12) | st.sampled_from(
    (
        *("name", "-created_at", "1", "0", "me", "id", "a,b", "today()", "name == 'a'"),
        *("owner.name", "2026-01-31", "99999999999999999999", "\0", "\ud7ff", "null", "[]"),
    )
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.integers(1, 9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS, inner, max_size=3)
        | inner.map(lambda value: {"by": {"name": value}})
        | inner.map(lambda value: {"amount": value, "currency": "CNY"})
    ),
    max_leaves=5,
)
KEYS = (
    *("filter", "action", "act", "ids", "settings", "entity", "documents", "layer", "plan", "note"),
    *("to", "dimensions", "measures", "name", "outcome", "fields", "comment", "body", "user"),
    *(
        "kind",
        "rules",
        "state",
        "options",
        "columns",
        "sort",
        "limit",
        "id",
        "by",
        "report",
        "view",
    ),
    *("params", "_base", "title", "tags", "records", "points", "email", "code", "stage", "from"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A drawn request, as the arguments of a client, and the operation it is for."""

    operation: Operation
    arguments: Mapping[str, Any]


def requests_of(document: Mapping[str, Any], catalog: Catalog) -> st.SearchStrategy[Asked]:
    """Answer a strategy over all operations of a document, for a site with a catalog."""
    schema = schemathesis.openapi.from_dict(dict(document))
    operations = [found.ok() for found in schema.get_all_operations()]
    return st.sampled_from(operations).flatmap(lambda one: _requests(one, catalog))


@st.composite
def _requests(draw: st.DrawFn, operation: Operation, catalog: Catalog) -> Asked:
    case = draw(operation.as_strategy())
    entity = draw(st.sampled_from(sorted(catalog.ids("entity"))))
    known = {
        "entity": st.just(entity),
        "id": st.integers(0, 12),
        "action": st.sampled_from(_actions(catalog)),
        "name": st.sampled_from(sorted(catalog.ids("report") or {"x"})),
    }
    for name in case.path_parameters or {}:
        if name in known and draw(st.integers(0, 9)):
            case.path_parameters[name] = draw(known[name])
    for name, value in dict(case.query or {}).items():
        if isinstance(value, str):
            case.query[name] = draw(WORDS | st.just(value))
    keys = st.sampled_from((*catalog.entity(entity).fields, *KEYS))
    if isinstance(case.body, dict | list):
        case.body = draw(_bodies(keys) | st.just(case.body))
    return Asked(operation, _arguments(case))


def _bodies(keys: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    one = st.dictionaries(keys, VALUES, max_size=5)
    return one | st.lists(one, max_size=2)


def _actions(catalog: Catalog) -> list[str]:
    conversions = catalog.ids("conversion")
    return sorted({"convert", "reveal", "submit", "approve", "merge", "claim", *conversions})


def _arguments(case: Any) -> dict[str, Any]:
    """Answer the arguments of a client; a form carries texts, whatever was drawn."""
    given = case.as_transport_kwargs(base_url="http://localhost")
    if isinstance(case.body, dict | list) and given.get("files") is not None:
        given["files"] = [(name, (None, str(part[1]))) for name, part in given["files"]]
    if isinstance(given.get("data"), bytes | str):
        given["content"] = given.pop("data")
    return {name: given[name] for name in _SENT if given.get(name) is not None}


_SENT = ("method", "url", "params", "json", "data", "files", "headers", "content")
