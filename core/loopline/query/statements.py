"""The statements of a query: one over the records or a fact, for some dimensions and measures."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import sqlalchemy as sa

from loopline.query.compile import QueryPlan
from loopline.query.dataset import Dataset
from loopline.query.measures import AggregatePlan, scaled_sums

Query = sa.Select[*tuple[Any, ...]]
Columns = list[sa.ColumnElement[Any]]
MOST_GROUPS: Final = 50_000


def statements(
    plan: QueryPlan, fact: str, places: Sequence[int], aggregates: Sequence[AggregatePlan]
) -> Iterator[tuple[Query, Sequence[AggregatePlan]]]:
    """Yield statements that group by the dimensions at some places, each with its aggregates.

    Their columns are the groups, the text of each (NULL but for texts), then the parts of the
    aggregates. They read one row more than is allowed.
    """
    plain = [one for one in aggregates if one.ranked is None and one.converted is None]
    if plain or not aggregates:
        yield _plain(plan, fact, places, plain), plain
    for one in aggregates:
        if one.ranked is not None:
            yield _ranked(plan, fact, places, one), [one]
        elif one.converted is not None:
            yield _by_rate(plan, fact, places, one), [one]


def _plain(
    plan: QueryPlan, fact: str, places: Sequence[int], aggregates: Sequence[AggregatePlan]
) -> Query:
    return _selected(plan, fact, places, [p.column for one in aggregates for p in one.parts])


def _by_rate(plan: QueryPlan, fact: str, places: Sequence[int], one: AggregatePlan) -> Query:
    """Answer the sums and the number of amounts, by the rates with which they are converted."""
    if one.converted is None:
        raise TypeError(one.aggregate.id)
    column = one.parts[0].column
    query = _selected(plan, fact, places, [*one.converted.columns, *scaled_sums(column)])
    rates: Columns = [sa.literal_column("_p0"), sa.literal_column("_p1")]
    query = query.where(column.is_not(None)).group_by(*rates)
    return query.limit(MOST_GROUPS + 1)


def _selected(
    plan: QueryPlan, fact: str, places: Sequence[int], parts: Sequence[sa.ColumnElement[Any]]
) -> Query:
    chosen = [plan.dimensions_of(fact)[place] for place in places]
    groups = [one.column.label(f"_d{at}") for at, one in enumerate(chosen)]
    texts = [sa.null() if one.shown is None else sa.func.min(one.shown) for one in chosen]
    query: Query = sa.select(
        *groups,
        *(text.label(f"_s{at}") for at, text in enumerate(texts)),
        *(part.label(f"_p{at}") for at, part in enumerate(parts)),
    )
    query = query.select_from(_source(plan, fact, places)).where(*_conditions(plan, fact))
    return _grouped(query, len(groups))


def _ranked(plan: QueryPlan, fact: str, places: Sequence[int], one: AggregatePlan) -> Query:
    """Answer the two middle values of a column by group: rows are numbered in its order."""
    chosen, column = [plan.dimensions_of(fact)[place] for place in places], one.ranked
    if column is None:
        raise TypeError(one.aggregate.id)
    texts = [sa.null() if each.shown is None else each.shown for each in chosen]
    currency = [] if one.currency is None else [one.currency.label("_k")]
    found = (
        sa.select(
            *(each.column.label(f"_d{at}") for at, each in enumerate(chosen)),
            *(text.label(f"_s{at}") for at, text in enumerate(texts)),
            column.label("_v"),
            *currency,
        )
        .select_from(_source(plan, fact, places))
        .where(*_conditions(plan, fact), column.is_not(None))
        .subquery()
    )
    by: Columns = [found.c[f"_d{at}"] for at in range(len(chosen))]
    ends = []
    if currency:
        ends = [
            sa.func.min(found.c["_k"]).over(partition_by=by).label("_k0"),
            sa.func.max(found.c["_k"]).over(partition_by=by).label("_k1"),
        ]
    numbered = sa.select(
        *found.c,
        sa.func.row_number().over(partition_by=by, order_by=found.c["_v"]).label("_n"),
        sa.func.count().over(partition_by=by).label("_c"),
        *ends,
    ).subquery()
    place, count = numbered.c["_n"] * 2, numbered.c["_c"]
    query: Query = sa.select(
        *(numbered.c[f"_d{at}"].label(f"_d{at}") for at in range(len(chosen))),
        *(sa.func.min(numbered.c[f"_s{at}"]).label(f"_s{at}") for at in range(len(chosen))),
        sa.func.min(numbered.c["_v"]).label("_p0"),
        sa.func.max(numbered.c["_v"]).label("_p1"),
        *(sa.func.min(numbered.c[f"_k{at}"]).label(f"_p{at + 2}") for at in range(len(ends))),
    ).where(place >= count, place <= count + 2)
    return _grouped(query, len(chosen))


def _source(plan: QueryPlan, fact: str, places: Sequence[int]) -> sa.FromClause:
    """Answer the FROM clause, with the values of the fields of several that are grouped by."""
    rows = plan.facts[fact]
    found = rows.source() if isinstance(rows, Dataset) else rows.joined(plan.data.source())
    for place in places:
        many = plan.dimensions_of(fact)[place].many
        if many is not None:
            found = found.outerjoin(*many)
    return found


def _conditions(plan: QueryPlan, fact: str) -> Sequence[sa.ColumnElement[bool]]:
    """Answer what holds of the records, or of those of a fact that is not joined to them."""
    rows = plan.facts[fact]
    return rows.conditions if isinstance(rows, Dataset) else plan.data.conditions


def _grouped(query: Query, groups: int) -> Query:
    if not groups:
        return query
    # by name: expressions with bound values would not be known as those that are selected
    names: Columns = [sa.literal_column(f"_d{at}") for at in range(groups)]
    return query.group_by(*names).limit(MOST_GROUPS + 1)
