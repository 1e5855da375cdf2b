"""Semantic queries as people and programs send them (JSON), read with every problem at its place.

Whether fields exist and fit is seen when the query is compiled for a viewer.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from loopline.errors import Problem, refuse_if
from loopline.expr.literals import digits
from loopline.expr.types import MAX_DIGITS
from loopline.fields.base import Unreadable
from loopline.fields.numbers import read_json_number
from loopline.query.body import Body
from loopline.query.document import (
    Counting,
    Dimension,
    Fact,
    Fill,
    Grain,
    Order,
    Path,
    RegionLevel,
    SemanticQuery,
)
from loopline.query.params import read_params
from loopline.query.reading_measures import Aliases, read_measure, read_path, read_top

MOST_DIMENSIONS: Final = 8
MOST_MEASURES: Final = 50
MOST_FACTS: Final = 8
MOST_BANDS: Final = 50
MOST_QUANTILES: Final = 20
MOST_ROWS: Final = 10_000
_MOST_TOTALS: Final = 32
_KEYS: Final = (
    *("dataset", "params", "dimensions", "measures", "where", "having", "sort", "limit"),
    *("columns", "top", "totals"),
)
_DIMENSION_KEYS: Final = (
    *("grain", "calendar", "bucket", "fill", "show_empty", "order", "level"),
    *("label", "blank_label", "below_label", "pos"),
)


def read_query(raw: Mapping[str, Any]) -> SemanticQuery:
    """Answer the query of a JSON document. Raises NotValid naming every part that is wrong."""
    problems: list[Problem] = []
    body = Body(raw, "", problems)
    body.only(*_KEYS)
    dataset = body.below("dataset")
    dataset.only("entity", "paths", "facts")
    aliases = {name: _alias(one) for name, one in dataset.elements("paths", MOST_FACTS)}
    dimensions = tuple(
        _dimension(name, one, aliases) for name, one in body.elements("dimensions", MOST_DIMENSIONS)
    )
    measures = tuple(
        read_measure(name, one, aliases) for name, one in body.elements("measures", MOST_MEASURES)
    )
    names = tuple(one.id for one in dimensions)
    query = SemanticQuery(
        entity=dataset.text("entity", required=True),
        facts={name: _fact(name, one) for name, one in dataset.elements("facts", MOST_FACTS)},
        dimensions=dimensions,
        measures=measures,
        where=body.text("where"),
        having=body.text("having"),
        sort=body.names("sort"),
        limit=body.whole("limit", MOST_ROWS),
        columns=body.names("columns"),
        top=read_top(body, names),
        totals=_totals(body, names),
        params=read_params(body),
    )
    _check_names(body, query)
    refuse_if(problems)
    return query


def _check_names(body: Body, query: SemanticQuery) -> None:
    known = {one.id for one in query.dimensions}
    for name in query.columns:
        if name not in known:
            body.amiss("columns", "query.unknown_name", name=name)
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
    return read_path(body, "via", {})


def _fact(name: str, body: Body) -> Fact:
    if "history" in body.raw:
        body.only("history")
        return Fact(id=name, history=body.text("history", required=True))
    if "by" in body.raw:
        body.only("entity", "by")
        fields = body.below("by")
        by = {one: read_path(fields, one, {}) for one in fields.raw}
        return Fact(id=name, entity=body.text("entity", required=True), by=by)
    body.only("entity", "via", "many")
    entity, via = body.text("entity", required=True), body.text("via", required=True)
    return Fact(id=name, entity=entity, via=via)


def _dimension(name: str, body: Body, aliases: Aliases) -> Dimension:
    made = "value" in body.raw
    body.only("value" if made else "field", *_DIMENSION_KEYS)
    return Dimension(
        id=name,
        path=() if made else read_path(body, "field", aliases),
        value=body.text("value", required=made),
        grain=body.one_of("grain", Grain),
        counting=body.one_of("calendar", Counting),
        bounds=_bounds(body),
        quantiles=_quantiles(body),
        level=body.one_of("level", RegionLevel),
        fill=body.one_of("fill", Fill),
        show_empty=body.flag("show_empty"),
        order=body.one_of("order", Order),
        blank_label=body.label("blank_label"),
        below_label=body.label("below_label"),
        label=body.label(),
    )


def _bounds(body: Body) -> tuple[Decimal, ...]:
    raw = body.raw.get("bucket")
    if raw is None or isinstance(raw, dict):
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


def _quantiles(body: Body) -> int:
    if not isinstance(body.raw.get("bucket"), dict):
        return 0
    bucket = body.below("bucket")
    bucket.only("quantiles")
    found = bucket.whole("quantiles", MOST_QUANTILES)
    if found is None and "quantiles" not in bucket.raw:
        bucket.amiss("quantiles", "query.missing")
    return found or 0


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
