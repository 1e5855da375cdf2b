"""The columns of an answer: what its dimensions and measures are."""

from collections.abc import Mapping
from typing import Final

from loopline.language import Label
from loopline.query.compile import QueryPlan
from loopline.query.document import Aggregate, Derived, Formula, Measure, SemanticQuery, Show
from loopline.query.grid import Column
from loopline.query.groups import DimensionPlan

_RECORDS: Final = Label({"zh": "记录数", "en": "Records"})
_AS_MEASURED: Final = frozenset({Show.VALUE, Show.DIFFERENCE, Show.RUNNING})


def columns(
    plan: QueryPlan, query: SemanticQuery, earlier: Mapping[str, SemanticQuery]
) -> tuple[Column, ...]:
    """Answer the columns of a query: its dimensions, then its measures.

    ``earlier`` are the questions that measures ask about an earlier period.
    """
    return (
        *(_dimension(one) for one in plan.dimensions),
        *(_measure(plan, earlier.get(one.id, query), one) for one in query.measures),
    )


def _dimension(one: DimensionPlan) -> Column:
    return Column(
        id=one.dimension.id,
        label=one.dimension.label or one.field.label,
        kind=one.dimension.grain.value if one.dimension.grain else one.field.type,
        role="dimension",
        field=one.field,
        overlap=one.many is not None,
    )


def _measure(plan: QueryPlan, query: SemanticQuery, measure: Measure) -> Column:
    looked_at = _looked_at(query, measure)
    aggregate = looked_at if isinstance(looked_at, Aggregate) else None
    ratio = isinstance(measure, Derived) and measure.show not in _AS_MEASURED
    kind, field, label = "ratio", None, measure.label
    if aggregate is not None and not ratio:
        found = plan.aggregates[aggregate.id]
        kind, field = found.kind, found.field
        label = label or (field.label if field else _RECORDS)
    elif isinstance(looked_at, Formula) and not ratio:
        kind = plan.formulas[looked_at.id].kind
    return Column(
        id=measure.id,
        label=label or Label({"en": measure.id}),
        kind=kind,
        role="measure",
        format=measure.format,
        field=field,
        where=aggregate.where if aggregate else "",
        fact=query.facts.get(aggregate.fact) if aggregate else None,
    )


def _looked_at(query: SemanticQuery, measure: Measure) -> Measure:
    """Answer the measure that another is made of, or itself."""
    of = measure.of if isinstance(measure, Derived) else measure.id
    return next(one for one in query.measures if one.id == of)
