"""A semantic query compiled for its viewer: one statement over the records, one more for each fact.

Facts join their records in statements of their own, so that no measure is counted once a line.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ParamSpec, TypeGuard, TypeVar

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, refuse_if
from loopline.expr.moment import Moment
from loopline.query.dataset import Dataset
from loopline.query.dimensions import plan_dimension
from loopline.query.document import Aggregate, Derived, Formula, How, Measure, SemanticQuery, Show
from loopline.query.formulas import FormulaCompiler, FormulaPlan
from loopline.query.groups import DimensionPlan
from loopline.query.matching import matched_dimensions, matched_rows, narrow
from loopline.query.measures import AggregatePlan, plan_aggregate
from loopline.query.rows import Rows, fact_rows

Having = Callable[[Mapping[str, object], Moment], bool]
T = TypeVar("T")
P = ParamSpec("P")


@dataclass(frozen=True, kw_only=True)
class QueryPlan:
    """What a query compiled to. ``facts`` holds the rows of base records under an empty name.

    ``matched`` holds the dimensions of facts that have their own.
    """

    data: Dataset
    facts: Mapping[str, Rows]
    dimensions: tuple[DimensionPlan, ...]
    matched: Mapping[str, tuple[DimensionPlan, ...]]
    aggregates: Mapping[str, AggregatePlan]
    formulas: Mapping[str, FormulaPlan]
    having: Having | None

    def of(self, fact: str) -> list[AggregatePlan]:
        """Answer the aggregates over the records (an empty name) or over a fact."""
        return [one for one in self.aggregates.values() if one.aggregate.fact == fact]

    def dimensions_of(self, fact: str) -> tuple[DimensionPlan, ...]:
        """Answer the dimensions by which the records or a fact are grouped."""
        return self.matched.get(fact, self.dimensions)


def compile_query(ctx: Context, query: SemanticQuery) -> QueryPlan:
    """Compile a query for the actor.

    Raises NotFound for an entity they may not read, NotValid naming every part of the query that
    does not exist for them or does not fit.
    """
    problems: list[Problem] = []
    data = Dataset(ctx, query)
    facts: dict[str, Rows] = {"": data}
    for one in query.facts.values():
        made = _noted(problems, matched_rows if one.by else fact_rows, data, one)
        if made is not None:
            facts[one.id] = made
    planned = [_noted(problems, plan_dimension, data, one) for one in query.dimensions]
    dimensions = tuple(one for one in planned if one is not None)
    matched = _matched(problems, facts, query, dimensions)
    aggregates = _aggregates(problems, facts, query)
    refuse_if(problems)
    for name in matched:
        narrow(facts[name], [one for one in query.measures if _looks_at(one, name)])
    formulas = {one.id: one for one in query.measures if isinstance(one, Formula)}
    compiler = FormulaCompiler(aggregates, formulas)
    compiled = {name: _noted(problems, compiler.formula, one) for name, one in formulas.items()}
    having = None
    if query.having.strip():
        having = _noted(problems, compiler.condition, query.having, "having")
    problems += _unfit(query, planned, {*aggregates, *formulas})
    refuse_if(problems)
    return QueryPlan(
        data=data,
        facts=facts,
        dimensions=dimensions,
        matched=matched,
        aggregates=aggregates,
        formulas={name: one for name, one in compiled.items() if one is not None},
        having=having,
    )


def _looks_at(measure: Measure, fact: str) -> TypeGuard[Aggregate]:
    return isinstance(measure, Aggregate) and measure.fact == fact


def _matched(
    problems: list[Problem],
    facts: Mapping[str, Rows],
    query: SemanticQuery,
    dimensions: tuple[DimensionPlan, ...],
) -> dict[str, tuple[DimensionPlan, ...]]:
    found = {}
    for name, fact in query.facts.items():
        rows = facts.get(name)
        if fact.by and isinstance(rows, Dataset):
            made = _noted(problems, matched_dimensions, rows, fact, dimensions)
            found[name] = dimensions if made is None else made
    return found


def _unfit(
    query: SemanticQuery, planned: Sequence[DimensionPlan | None], known: Collection[str]
) -> Iterator[Problem]:
    """Yield what is wrong with the names by which measures and ranks name others."""
    for one in query.measures:
        if isinstance(one, Derived):
            yield from _unfit_measure(query, one, known)
    overlapping = {one.dimension.id for one in planned if one is not None and one.many is not None}
    for name, top in query.top.items():
        if top.by not in known:
            yield Problem(f"top.{name}.by", "query.unknown_name", {"name": top.by})
        if top.others and name in overlapping:
            yield Problem(f"top.{name}.others", "query.others_overlap")


def _unfit_measure(query: SemanticQuery, one: Derived, known: Collection[str]) -> Iterator[Problem]:
    at, aggregates = f"measures.{one.id}", (m for m in query.measures if isinstance(m, Aggregate))
    facts = {each.fact for each in query.measures if isinstance(each, Aggregate)}
    if one.of not in known:
        yield Problem(f"{at}.of", "query.unknown_name", {"name": one.of})
    elif one.compare is not None and any(query.facts[name].by for name in facts if name):
        yield Problem(f"{at}.compare", "query.matched_compare")
    elif one.show is Show.RUNNING:
        added_up = {each.id for each in aggregates if each.how in {How.COUNT, How.SUM}}
        if one.of not in added_up:
            yield Problem(f"{at}.show", "query.not_running", {"name": one.of})
    if one.along and one.along not in {each.id for each in query.dimensions}:
        yield Problem(f"{at}.along", "query.unknown_name", {"name": one.along})


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
