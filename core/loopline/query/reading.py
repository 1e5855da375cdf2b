"""Semantic queries as people and programs send them (JSON), read with every problem at its place.

Whether fields exist and fit is seen when the query is compiled for a viewer.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from loopline.errors import Problem, refuse_if
from loopline.expr.literals import digits
from loopline.expr.parse import MAX_HOPS
from loopline.expr.types import MAX_DIGITS
from loopline.fields.base import Unreadable
from loopline.fields.numbers import read_json_number
from loopline.query.body import Body
from loopline.query.document import (
    Aggregate,
    Dimension,
    Fact,
    Formula,
    Grain,
    How,
    Measure,
    Path,
    SemanticQuery,
    Share,
)

MOST_DIMENSIONS: Final = 8
MOST_MEASURES: Final = 50
MOST_FACTS: Final = 8
MOST_BANDS: Final = 50
MOST_ROWS: Final = 10_000
_MOST_TOTALS: Final = 32
_SHARE: Final = "percent_of_total"
Aliases = Mapping[str, Path]


def read_query(raw: Mapping[str, Any]) -> SemanticQuery:
    """Answer the query of a JSON document. Raises NotValid naming every part that is wrong."""
    problems: list[Problem] = []
    body = Body(raw, "", problems)
    body.only(*("dataset", "dimensions", "measures", "where", "having", "sort", "limit", "totals"))
    dataset = body.below("dataset")
    dataset.only("entity", "paths", "facts")
    aliases = {name: _alias(one) for name, one in dataset.elements("paths", MOST_FACTS)}
    dimensions = tuple(
        _dimension(name, one, aliases) for name, one in body.elements("dimensions", MOST_DIMENSIONS)
    )
    measures = tuple(
        _measure(name, one, aliases) for name, one in body.elements("measures", MOST_MEASURES)
    )
    query = SemanticQuery(
        entity=dataset.text("entity", required=True),
        facts={name: _fact(name, one) for name, one in dataset.elements("facts", MOST_FACTS)},
        dimensions=dimensions,
        measures=measures,
        where=body.text("where"),
        having=body.text("having"),
        sort=body.names("sort"),
        limit=body.whole("limit", MOST_ROWS),
        totals=_totals(body, tuple(one.id for one in dimensions)),
    )
    _check_names(body, query)
    refuse_if(problems)
    return query


def _check_names(body: Body, query: SemanticQuery) -> None:
    known = {one.id for one in query.dimensions}
    for one in query.measures:
        if one.id in known:
            body.amiss(f"measures.{one.id}", "query.taken")
    known |= {one.id for one in query.measures}
    if not known and not body.problems:
        body.amiss("measures", "query.missing")
    for name in query.sort:
        if name.removeprefix("-") not in known:
            body.amiss("sort", "query.unknown_name", name=name)


def _alias(body: Body) -> Path:
    body.only("via")
    return _path(body, "via", {})


def _path(body: Body, key: str, aliases: Aliases) -> Path:
    """Answer the field or link under a key, a short name at its beginning being written out."""
    parts = tuple(body.text(key, required=True).split("."))
    links = aliases.get(parts[0]) if len(parts) > 1 else None
    path = parts if links is None else (*links, *parts[1:])
    if len(path) <= MAX_HOPS + 1:
        return path
    body.amiss(key, "query.hops", most=MAX_HOPS)
    return path[:1]


def _fact(name: str, body: Body) -> Fact:
    body.only("entity", "via", "many")
    entity, via = body.text("entity", required=True), body.text("via", required=True)
    return Fact(id=name, entity=entity, via=via)


def _dimension(name: str, body: Body, aliases: Aliases) -> Dimension:
    body.only("field", "grain", "bucket", "label", "pos")
    return Dimension(
        id=name,
        path=_path(body, "field", aliases),
        grain=body.one_of("grain", Grain),
        bounds=_bounds(body),
        label=body.label(),
    )


def _bounds(body: Body) -> tuple[Decimal, ...]:
    raw = body.raw.get("bucket")
    if raw is None:
        return ()
    if isinstance(raw, list) and 0 < len(raw) <= MOST_BANDS:
        try:
            found = [read_json_number(one) for one in raw]
        except Unreadable:
            found = [None]
        bounds = tuple(one for one in found if one is not None)
        fit = all(digits(one) <= MAX_DIGITS for one in bounds)
        if fit and len(bounds) == len(raw) and list(bounds) == sorted(set(bounds)):
            return bounds
    body.amiss("bucket", "query.bands", most=MOST_BANDS)
    return ()


def _measure(name: str, body: Body, aliases: Aliases) -> Measure:
    given = [key for key in ("aggregate", "formula", "of") if key in body.raw]
    if len(given) != 1:
        body.amiss("", "query.measure_kind")
    label, written = body.label(), body.text("format")
    if "formula" in body.raw:
        body.only("formula", "label", "format", "pos")
        text = body.text("formula", required=True)
        return Formula(id=name, text=text, label=label, format=written)
    if "of" in body.raw:
        body.only("of", "show", "label", "format", "pos")
        if body.text("show", required=True) != _SHARE:
            body.amiss("show", "query.choice", found=body.text("show"), choices=_SHARE)
        return Share(id=name, of=body.text("of", required=True), label=label, format=written)
    body.only("aggregate", "field", "fact", "where", "label", "format", "pos")
    fact = body.text("fact")
    path = _path(body, "field", {} if fact else aliases) if body.raw.get("field") else ()
    if fact and path[:1] == (fact,) and len(path) > 1:
        path = path[1:]
    how = body.one_of("aggregate", How) or How.COUNT
    if not path and how is not How.COUNT:
        body.amiss("field", "query.missing")
    where = body.text("where")
    return Aggregate(
        id=name, how=how, path=path, fact=fact, where=where, label=label, format=written
    )


def _totals(body: Body, dimensions: Path) -> tuple[Path, ...]:
    """Answer the sets of dimensions to total by, the finest first."""
    asked = body.raw.get("totals", "grand")
    levels = tuple(dimensions[:size] for size in range(len(dimensions) - 1, -1, -1))
    named = {"none": (), "grand": ((),), "levels": levels}
    if isinstance(asked, str) and asked in named:
        return named[asked] if dimensions else ()
    if isinstance(asked, list) and len(asked) <= _MOST_TOTALS:
        sets = [tuple(one) for one in asked if isinstance(one, list) and _known(one, dimensions)]
        if len(sets) == len(asked):
            ordered = (tuple(one for one in dimensions if one in wanted) for wanted in sets)
            return tuple(one for one in dict.fromkeys(ordered) if one != dimensions)
    body.amiss("totals", "query.totals", most=_MOST_TOTALS)
    return ()


def _known(names: list[object], dimensions: Path) -> bool:
    return all(isinstance(name, str) and name in dimensions for name in names)
