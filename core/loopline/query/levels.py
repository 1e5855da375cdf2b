"""The aggregates and formulas of a query, at whatever level they are asked for."""

from collections.abc import Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Problem, refuse_if
from loopline.query.compile import QueryPlan
from loopline.query.document import Fill
from loopline.query.filling import missing
from loopline.query.measures import MIXED
from loopline.query.rollup import Groupings, Key

Values = dict[str, object]
Level = dict[Key, Values]


class Levels:
    """What was asked of records: values by group, groups without records filled in."""

    def __init__(self, ctx: Context, plan: QueryPlan) -> None:
        self.plan = plan
        self.groupings = Groupings(ctx.connection, plan)
        self._moment = ctx.moment
        self._levels: dict[tuple[int, ...], Mapping[Key, Values]] = {}

    def at(self, places: Sequence[int]) -> Mapping[Key, Values]:
        """Answer the values of the groups of the dimensions at some places."""
        known = tuple(places)
        if known not in self._levels:
            groups = self.groupings.level(known)
            whole = len(known) == len(self.plan.dimensions)
            found: Level = {
                key: self._computed(parts, refuse=whole) for key, parts in groups.items()
            }
            fills = {self.plan.dimensions[place].dimension.fill for place in known}
            for key in missing(self.plan, known, groups):
                found[key] = self.blank if Fill.BLANK in fills else self.zero
            self._levels[known] = found
        return self._levels[known]

    @property
    def zero(self) -> Values:
        """What counts, sums and all else are over no records."""
        return self._computed(self.groupings.nothing)

    @property
    def blank(self) -> Values:
        """Nothing at all."""
        return dict.fromkeys((*self.plan.aggregates, *self.plan.formulas))

    def _computed(self, parts: Sequence[object], *, refuse: bool = False) -> Values:
        """Answer the values of a group; amounts in different currencies make none.

        Raises NotValid for these where they are refused.
        """
        values = self.groupings.values(parts)
        mixed = [name for name, value in values.items() if value is MIXED]
        if refuse:
            refuse_if(Problem(f"measures.{name}", "query.currency") for name in mixed)
        values |= dict.fromkeys(mixed)
        aggregates = dict(values)
        for name, formula in self.plan.formulas.items():
            values[name] = formula.value(aggregates, self._moment)
        return values
