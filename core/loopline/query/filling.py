"""Groups without records: the periods within those asked for, and the options of a choice."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import product
from typing import Final

from loopline.errors import NotValid, Problem
from loopline.expr.evaluate import compile_operand
from loopline.expr.moment import Moment
from loopline.expr.tree import And, Comparison, Field, Node, OnDay, Op
from loopline.expr.typed import steady
from loopline.fields.choice import ordered_codes
from loopline.query.compile import QueryPlan
from loopline.query.groups import DimensionPlan
from loopline.query.rollup import Key
from loopline.query.statements import MOST_GROUPS

_FROM: Final = frozenset({Op.GE, Op.GT, Op.EQ})
_TO: Final = frozenset({Op.LE, Op.LT, Op.EQ})


def missing(plan: QueryPlan, places: Sequence[int], known: Iterable[Key]) -> list[Key]:
    """Answer the groups of a level that have no records and are shown all the same.

    Raises NotValid where there are too many.
    """
    dimensions = [plan.dimensions[place] for place in places]
    asked = (one for one in dimensions if one.kept is None)
    if not any(one.dimension.fill or one.dimension.show_empty for one in asked):
        return []
    found = list(known)
    domains = [
        _domain(plan, one, dict.fromkeys(key[at] for key in found))
        for at, one in enumerate(dimensions)
    ]
    kept = [at for at, domain in enumerate(domains) if domain is None]
    others: list[Key] = list(dict.fromkeys(tuple(key[at] for at in kept) for key in found))
    if not kept:
        others = [()]
    added = [domain for domain in domains if domain is not None]
    size = len(others)
    for domain in added:
        size *= len(domain)
    if size > MOST_GROUPS:
        raise NotValid(Problem("dimensions", "query.too_many_groups", {"most": MOST_GROUPS}))
    there, made = set(found), []
    for other in others:
        for values in product(*added):
            rest, new = iter(other), iter(values)
            key = tuple(next(rest) if domain is None else next(new) for domain in domains)
            if key not in there:
                made.append(key)
    return made


def _domain(
    plan: QueryPlan, one: DimensionPlan, known: Collection[object]
) -> Sequence[object] | None:
    """Answer the values of a dimension that are shown, None for those only that records have."""
    if one.kept is not None:
        return None
    wanted: list[object] = []
    if one.dimension.fill is not None:
        wanted += _days(plan, one, [raw for raw in known if isinstance(raw, int)])
    elif one.dimension.show_empty:
        options = one.field.options
        offered = (options[code] for code in ordered_codes(one.field))
        wanted += [option.code for option in offered if not (option.retired or option.hidden)]
    else:
        return None
    there = set(wanted)
    return [*wanted, *(raw for raw in known if raw not in there)]


def _days(plan: QueryPlan, one: DimensionPlan, known: Sequence[int]) -> range:
    """Answer the buckets of the period asked for, no later than today; else of those known."""
    within, moment = one.buckets, plan.data.ctx.moment
    if within is None:
        raise TypeError(one.dimension.id)
    start, last = days_asked(plan.data.where, one.dimension.path, moment)
    today = within.of(moment.today())
    if start is None and not known:
        return range(0)
    first = min(known) if start is None else within.of(start)
    if last is None:
        return range(first, (max(known) if start is None else today) + 1)
    return range(first, min(within.of(last), today) + 1)


def days_asked(
    node: Node | None, path: tuple[str, ...], moment: Moment
) -> tuple[date | None, date | None]:
    """Answer the first and last day to which a condition limits a field, None where it does not."""
    starts: list[date] = []
    lasts: list[date] = []
    for op, day in _limits(node, path, moment):
        ordinal = day.toordinal()
        if op in _FROM:
            starts.append(date.fromordinal(ordinal + (op is Op.GT)))
        if op in _TO:
            lasts.append(date.fromordinal(max(1, ordinal - (op is Op.LT))))
    return max(starts, default=None), min(lasts, default=None)


def _limits(node: Node | None, path: tuple[str, ...], moment: Moment) -> Iterable[tuple[Op, date]]:
    match node:
        case And(parts):
            for part in parts:
                yield from _limits(part, path, moment)
        case Comparison(op, Field(ref), right) | OnDay(op, Field(ref), right) if (
            ref.path == path and steady(right)
        ):
            value = compile_operand(right)(_nothing, moment)
            if type(value) is date and value < date.max:
                yield op, value


def _nothing(path: tuple[str, ...]) -> object:
    raise LookupError(path)
