"""The first groups of a dimension, by a measure over all of its records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.query.compile import QueryPlan
from loopline.query.document import SemanticQuery, Top
from loopline.query.groups import DimensionPlan
from loopline.query.levels import Levels
from loopline.query.naming import Naming

Kept = Mapping[str, tuple[object, ...]]


def first_groups(ctx: Context, query: SemanticQuery, plan: QueryPlan) -> Kept:
    """Answer the values of each dimension that are among its first; none where all of them are."""
    if not query.top:
        return {}
    levels = Levels(ctx, plan)
    naming = Naming(ctx, plan, [levels.groupings])
    names = [one.id for one in query.dimensions]
    found = {}
    for name, top in query.top.items():
        ordered = _ordered(levels, naming, names.index(name), top)
        if len(ordered) > top.n:
            found[name] = tuple(ordered[: top.n])
    return found


def _ordered(levels: Levels, naming: Naming, place: int, top: Top) -> list[object]:
    """Answer the values of a dimension by rank, blank measures last, equals by their names."""
    values = {key[0]: found[top.by] for key, found in levels.at((place,)).items()}
    raws = sorted(values, key=lambda raw: naming.group(place, raw).rank)
    there = [(values[raw], raw) for raw in raws if values[raw] is not None]
    there.sort(key=lambda pair: pair[0], reverse=not top.ascending)  # type: ignore[arg-type, return-value]
    return [raw for _, raw in there] + [raw for raw in raws if values[raw] is None]


def with_first(plan: QueryPlan, kept: Kept) -> QueryPlan:
    """Answer a plan that gathers all but the first groups into one."""
    if not kept:
        return plan
    matched = {name: _cut(one, kept) for name, one in plan.matched.items()}
    return replace(plan, dimensions=_cut(plan.dimensions, kept), matched=matched)


def _cut(dimensions: Sequence[DimensionPlan], kept: Kept) -> tuple[DimensionPlan, ...]:
    return tuple(
        one.cut(kept[one.dimension.id]) if one.dimension.id in kept else one for one in dimensions
    )
