"""Measures of semantic queries as they are sent, read with every problem at its place."""

from collections.abc import Mapping
from typing import Final

from loopline.expr.parse import MAX_HOPS
from loopline.query.body import Body
from loopline.query.document import (
    Aggregate,
    Compare,
    Conversion,
    Derived,
    Formula,
    How,
    Measure,
    Path,
    Show,
    Top,
    Until,
)

MOST_TOP: Final = 50
Aliases = Mapping[str, Path]
_COMPARED: Final = (Show.VALUE, Show.DIFFERENCE, Show.RATIO)
_TODAY: Final = "today"
_COMMON: Final = ("label", "format", "pos")


def read_path(body: Body, key: str, aliases: Aliases) -> Path:
    """Answer the field or link under a key, a short name at its beginning being written out."""
    parts = tuple(body.text(key, required=True).split("."))
    links = aliases.get(parts[0]) if len(parts) > 1 else None
    path = parts if links is None else (*links, *parts[1:])
    if len(path) <= MAX_HOPS + 1:
        return path
    body.amiss(key, "query.hops", most=MAX_HOPS)
    return path[:1]


def read_measure(name: str, body: Body, aliases: Aliases) -> Measure:
    """Answer one measure; what is wrong is noted."""
    given = [key for key in ("aggregate", "formula", "of") if key in body.raw]
    if len(given) != 1:
        body.amiss("", "query.measure_kind")
    if "formula" in body.raw:
        body.only("formula", *_COMMON)
        text = body.text("formula", required=True)
        return Formula(id=name, text=text, label=body.label(), format=body.text("format"))
    return _derived(name, body) if "of" in body.raw else _aggregate(name, body, aliases)


def _aggregate(name: str, body: Body, aliases: Aliases) -> Aggregate:
    made = "value" in body.raw
    given = "value" if made else "field"
    body.only("aggregate", given, "fact", "where", "currency", *_COMMON)
    fact = body.text("fact")
    path = (
        read_path(body, "field", {} if fact else aliases)
        if body.raw.get(given) and not made
        else ()
    )
    if fact and path[:1] == (fact,) and len(path) > 1:
        path = path[1:]
    how = body.one_of("aggregate", How) or How.COUNT
    if not path and not made and how is not How.COUNT:
        body.amiss("field", "query.missing")
    return Aggregate(
        id=name,
        how=how,
        path=path,
        value=body.text("value", required=made),
        fact=fact,
        where=body.text("where"),
        currency=_conversion(body.below("currency"), aliases if not fact else {}, fact),
        label=body.label(),
        format=body.text("format"),
    )


def _conversion(body: Body, aliases: Aliases, fact: str) -> Conversion | None:
    if not body.raw:
        return None
    body.only("to", "rate")
    rate = body.below("rate")
    rate.only("at", "else")
    at = read_path(rate, "at", aliases) if rate.raw.get("at") else ()
    if fact and at[:1] == (fact,) and len(at) > 1:
        at = at[1:]
    otherwise = rate.text("else")
    if otherwise not in {"", _TODAY}:
        rate.amiss("else", "query.choice", found=otherwise[:60], choices=_TODAY)
    return Conversion(to=body.text("to"), at=at, today=not at or otherwise == _TODAY)


def _derived(name: str, body: Body) -> Derived:
    body.only("of", "show", "compare", "period", "until", "along", *_COMMON)
    compare = body.one_of("compare", Compare)
    possible = [one for one in Show if (one in _COMPARED) is (compare is not None)]
    show = body.one_of("show", Show)
    if compare is None and "show" not in body.raw:
        body.amiss("show", "query.missing")
    elif show is not None and show not in possible:
        body.amiss("show", "query.choice", found=show, choices=", ".join(possible))
    return Derived(
        id=name,
        of=body.text("of", required=True),
        show=show or possible[0],
        compare=compare,
        period=body.text("period"),
        until=body.one_of("until", Until) or Until.TODAY,
        along=body.text("along"),
        label=body.label(),
        format=body.text("format"),
    )


def read_top(body: Body, dimensions: Path) -> Mapping[str, Top]:
    """Answer how many groups of which dimensions are shown; what is wrong is noted."""
    below = body.below("top")
    found = {}
    for name, one in body.elements("top", len(dimensions)):
        one.only("n", "by", "direction", "others")
        if name not in dimensions:
            below.amiss(name, "query.unknown_name", name=name)
        direction = one.text("direction") or "desc"
        if direction not in {"asc", "desc"}:
            one.amiss("direction", "query.choice", found=direction[:60], choices="asc, desc")
        found[name] = Top(
            n=one.whole("n", MOST_TOP) or MOST_TOP,
            by=one.text("by", required=True),
            ascending=direction == "asc",
            others=one.flag("others"),
        )
    return found
