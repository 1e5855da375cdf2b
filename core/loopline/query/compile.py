"""A semantic query compiled for its viewer: one statement over the records, one more for each fact.

Facts join their records in statements of their own, so that no measure is counted once a line.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, ParamSpec, TypeVar

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, refuse_if
from loopline.expr.moment import Moment
from loopline.query.dataset import Dataset, FactRows, Rows
from loopline.query.dimensions import plan_dimension
from loopline.query.document import Aggregate, Formula, SemanticQuery, Share
from loopline.query.formulas import FormulaCompiler, FormulaPlan
from loopline.query.groups import DimensionPlan
from loopline.query.measures import AggregatePlan, plan_aggregate

Query = sa.Select[*tuple[Any, ...]]
Having = Callable[[Mapping[str, object], Moment], bool]
MOST_GROUPS: Final = 50_000
T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class QueryPlan:
    """What a query compiled to. ``facts`` holds the rows of base records under an empty name."""

    data: Dataset
    facts: Mapping[str, Rows]
    dimensions: tuple[DimensionPlan, ...]
    aggregates: Mapping[str, AggregatePlan]
    formulas: Mapping[str, FormulaPlan]
    having: Having | None

    def of(self, fact: str) -> list[AggregatePlan]:
        """Answer the aggregates over the records (an empty name) or over a fact."""
        return [one for one in self.aggregates.values() if one.aggregate.fact == fact]

    def statement(
        self, fact: str, places: Sequence[int], aggregates: Iterable[AggregatePlan]
    ) -> Query:
        """Answer the statement that groups by the dimensions at some places.

        Its columns are the groups, the text of each (NULL but for texts), then the parts of the
        aggregates. It reads one row more than is allowed.
        """
        chosen = [self.dimensions[place] for place in places]
        groups = [one.column.label(f"_d{at}") for at, one in enumerate(chosen)]
        texts = [sa.null() if one.shown is None else sa.func.min(one.shown) for one in chosen]
        parts = [part.column for one in aggregates for part in one.parts]
        rows, source = self.facts[fact], self.data.source()
        query = sa.select(
            *groups,
            *(text.label(f"_s{at}") for at, text in enumerate(texts)),
            *(part.label(f"_p{at}") for at, part in enumerate(parts)),
        )
        query = query.select_from(rows.joined(source) if isinstance(rows, FactRows) else source)
        query = query.where(*self.data.conditions)
        if not groups:
            return query
        # by name: expressions with bound values would not be known as those that are selected
        names: list[sa.ColumnElement[Any]] = [
            sa.literal_column(f"_d{at}") for at in range(len(groups))
        ]
        return query.group_by(*names).limit(MOST_GROUPS + 1)


def compile_query(ctx: Context, query: SemanticQuery) -> QueryPlan:
    """Compile a query for the actor.

    Raises NotFound for an entity they may not read, NotValid naming every part of the query that
    does not exist for them or does not fit.
    """
    problems: list[Problem] = []
    data = Dataset(ctx, query)
    facts: dict[str, Rows] = {"": data}
    for one in query.facts.values():
        made = _noted(problems, FactRows, data, one)
        if made is not None:
            facts[one.id] = made
    planned = [_noted(problems, plan_dimension, data, one) for one in query.dimensions]
    aggregates = _aggregates(problems, facts, query)
    refuse_if(problems)
    formulas = {one.id: one for one in query.measures if isinstance(one, Formula)}
    compiler = FormulaCompiler(aggregates, formulas)
    compiled = {name: _noted(problems, compiler.formula, one) for name, one in formulas.items()}
    having = None
    if query.having.strip():
        having = _noted(problems, compiler.condition, query.having, "having")
    known = {*aggregates, *formulas}
    problems += [
        Problem(f"measures.{one.id}.of", "query.unknown_name", {"name": one.of})
        for one in query.measures
        if isinstance(one, Share) and one.of not in known
    ]
    refuse_if(problems)
    return QueryPlan(
        data=data,
        facts=facts,
        dimensions=tuple(one for one in planned if one is not None),
        aggregates=aggregates,
        formulas={name: one for name, one in compiled.items() if one is not None},
        having=having,
    )


def _aggregates(
    problems: list[Problem], facts: Mapping[str, Rows], query: SemanticQuery
) -> dict[str, AggregatePlan]:
    found: dict[str, AggregatePlan] = {}
    for one in query.measures:
        if not isinstance(one, Aggregate):
            continue
        rows = facts.get(one.fact)
        if rows is None:
            if one.fact not in query.facts:
                at = f"measures.{one.id}.fact"
                problems.append(Problem(at, "query.unknown_name", {"name": one.fact}))
            continue
        made = _noted(problems, plan_aggregate, rows, one)
        if made is not None:
            found[one.id] = made
    return found


def _noted(
    problems: list[Problem], build: Callable[P, T], *args: P.args, **named: P.kwargs
) -> T | None:
    """Answer what is built, None where it is refused; the problems are kept."""
    try:
        return build(*args, **named)
    except NotValid as error:
        problems.extend(error.problems)
        return None
