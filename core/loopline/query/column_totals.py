"""Totals under the columns of a list: over all records that it lists, on whatever page."""

from collections.abc import Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.query.answering import answer
from loopline.query.document import Aggregate, How, SemanticQuery
from loopline.query.request import ListQuery

TOTALS: Final = (How.SUM, How.AVG, How.MIN, How.MAX)
Chosen = Mapping[str, Sequence[How]]
"""For each field of the list, what is wanted of it."""


def column_totals(ctx: Context, query: ListQuery, chosen: Chosen) -> dict[tuple[str, How], object]:
    """Answer the totals of fields over the records that a list lists, by field and how.

    Numbers come exact as int or Decimal, None where no record has one. Raises NotFound as lists
    do, NotValid for a filter or field that does not fit.
    """
    wanted = [(field, how) for field, hows in chosen.items() for how in dict.fromkeys(hows)]
    measures = [
        Aggregate(id=f"t{at}", how=how, path=tuple(field.split(".")))
        for at, (field, how) in enumerate(wanted)
    ]
    if not measures:
        return {}
    grid = answer(ctx, plain(query, measures))
    return dict(zip(wanted, grid.rows[0].values, strict=True))


def plain(query: ListQuery, measures: Sequence[Aggregate]) -> SemanticQuery:
    """Answer the query for measures over all records that a list lists."""
    return SemanticQuery(
        entity=query.entity,
        measures=tuple(measures),
        where=query.filter,
        q=query.q,
        deleted=query.deleted,
        totals=(),
    )
