"""The same question about an earlier period, its groups beside those of this one."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, refuse_if
from loopline.expr.tree import Name
from loopline.query.comparing import Shift, earlier_period, shift_of
from loopline.query.compile import QueryPlan, compile_query
from loopline.query.document import Aggregate, Derived, SemanticQuery
from loopline.query.levels import Levels
from loopline.query.params import Params, with_params
from loopline.query.periods import Period
from loopline.query.rollup import Key

Days = tuple[Shift, tuple[str, ...]]
"""How far back the earlier days lie, and the field that holds them."""


class Earlier:
    """The values of an earlier period, found by the groups of this one."""

    def __init__(self, levels: Levels, query: SemanticQuery, period: Period, days: Days) -> None:
        """``query`` asks about the period."""
        self.levels, self.query, self.period = levels, query, period
        self._shift, self._path = days

    def value(self, places: Sequence[int], key: Key, measure: str) -> object:
        """Answer what a measure was for a group, what it is of nothing where there was none."""
        before = self.key_before(places, key)
        if before is None:
            return None
        found = self.levels.at(places).get(before)
        return (self.levels.zero if found is None else found)[measure]

    def key_before(self, places: Sequence[int], key: Key) -> Key | None:
        """Answer the group that a group is compared with; None where there is none."""
        return self._moved(places, key, back=True)

    def keys_now(self, places: Sequence[int]) -> Iterator[Key]:
        """Yield the groups of this period with which those of the earlier one are compared."""
        for key in self.levels.at(places):
            found = self._moved(places, key, back=False)
            if found is not None:
                yield found

    def _moved(self, places: Sequence[int], key: Key, *, back: bool) -> Key | None:
        moved: list[object] = []
        for place, raw in zip(places, key, strict=True):
            one = self.levels.plan.dimensions[place]
            if one.buckets is None or one.dimension.path != self._path or not isinstance(raw, int):
                moved.append(raw)
                continue
            to = self._shift.earlier if back else self._shift.later
            found = to(one.buckets, raw)
            if found is None:
                return None
            moved.append(found)
        return tuple(moved)


class Comparisons:
    """Makes the earlier periods that the measures of a query ask for, each once."""

    def __init__(self, ctx: Context, query: SemanticQuery, params: Params) -> None:
        """``query`` still names its parameters."""
        self._ctx, self._query, self._params = ctx, query, params

    def made(self, finish: Callable[[QueryPlan], QueryPlan]) -> Mapping[str, Earlier | None]:
        """Answer the earlier period of each measure that is compared; None where there is none.

        ``finish`` gathers the groups as in this period. Raises NotValid where nothing says what is
        compared, or where the groups of the two periods do not meet.
        """
        problems: list[Problem] = []
        known: dict[tuple[object, ...], Earlier | None] = {}
        found: dict[str, Earlier | None] = {}
        for one in self._query.measures:
            if not isinstance(one, Derived) or one.compare is None:
                continue
            key = (one.compare, one.period, one.until)
            try:
                if key not in known:
                    known[key] = self._earlier(one, finish)
                found[one.id] = known[key]
            except NotValid as error:
                problems.extend(error.problems)
        refuse_if(problems)
        return found

    def _earlier(self, one: Derived, finish: Callable[[QueryPlan], QueryPlan]) -> Earlier | None:
        at = f"measures.{one.id}"
        name, path = self._ranged(one, at)
        period = self._params.period_of(Name(("param", name)), at)
        shift = shift_of(period, one.compare) if one.compare else None
        if shift is None:
            raise NotValid(Problem(f"{at}.compare", "query.open_period", {"name": name}))
        before = earlier_period(period, shift, one.until, self._ctx.moment.today())
        if before is None:
            return None
        params = replace(self._params, values={**self._params.values, name: before})
        problems: list[Problem] = []
        query = with_params(self._query, params, problems)
        plan = finish(compile_query(self._ctx, query))
        for dimension in plan.dimensions:
            within = dimension.buckets
            if within and dimension.dimension.path == path and not shift.fits(within):
                place = f"dimensions.{dimension.dimension.id}.grain"
                problems.append(Problem(place, "query.compare_grain"))
        refuse_if(problems)
        return Earlier(Levels(self._ctx, _unfilled(plan)), query, before, (shift, path))

    def _ranged(self, one: Derived, at: str) -> tuple[str, tuple[str, ...]]:
        """Answer the parameter that is compared, and the field whose days it limits."""
        texts = [self._query.where]
        texts += [m.where for m in self._query.measures if isinstance(m, Aggregate)]
        ranged: dict[str, tuple[str, ...]] = {}
        for text in reversed(texts):
            ranged |= self._params.ranged(text)
        known = {name: path for name, path in ranged.items() if self._params.values.get(name)}
        if one.period:
            known = {name: path for name, path in known.items() if name == one.period}
        if len(known) != 1:
            raise NotValid(Problem(f"{at}.compare", "query.no_period"))
        return next(iter(known.items()))


def _unfilled(plan: QueryPlan) -> QueryPlan:
    """Answer a plan that adds no groups without records: this period says which are shown."""
    dimensions = (
        replace(one, dimension=replace(one.dimension, fill=None, show_empty=False))
        for one in plan.dimensions
    )
    return replace(plan, dimensions=tuple(dimensions))
