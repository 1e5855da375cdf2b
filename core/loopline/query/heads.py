"""Heads of a board: how many records stand under each choice of a field, and their sums."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.fields.choice import ordered_codes
from loopline.query.answering import answer
from loopline.query.column_totals import plain
from loopline.query.document import Aggregate, Dimension, How
from loopline.query.request import ListQuery


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """One column of a board. ``code`` is None for the records whose field is blank.

    ``sums`` are by field, exact; ``filter`` is the expression that lists the records.
    """

    code: str | None
    label: str
    count: int
    sums: Mapping[str, object]
    filter: str


def board_heads(
    ctx: Context, query: ListQuery, field: str, sums: Sequence[str] = ()
) -> tuple[Head, ...]:
    """Answer the heads of a board over the records that a list lists, grouped by a choice field.

    Every option that is offered has a head, in the order of the options; retired ones and the
    blank only where records have them. Raises NotFound as lists do, NotValid for fields that are
    not there for the actor or do not fit.
    """
    measures = [Aggregate(id="count", how=How.COUNT)]
    measures += [Aggregate(id=f"s{at}", how=How.SUM, path=(name,)) for at, name in enumerate(sums)]
    by = Dimension(id="by", path=(field,))
    grid = answer(ctx, replace(plain(query, measures), dimensions=(by,)))
    definition = ctx.catalog.entity(query.entity).field(field)
    if definition is None or not definition.options:
        raise NotValid(Problem("by", "query.not_a_choice", {"field": field}))
    found = {
        row.key["by"]: Head(
            code=cast("str | None", row.key["by"]),
            label=row.labels["by"],
            count=cast(int, row.values[0]),
            sums=dict(zip(sums, row.values[1:], strict=True)),
            filter=row.filter,
        )
        for row in grid.rows
    }
    where = f"({query.filter}) && " if query.filter.strip() else ""
    for code in ordered_codes(definition):
        option = definition.options[code]
        if code not in found and not (option.retired or option.hidden):
            found[code] = Head(
                code=code,
                label=option.label.to(ctx.locale.language) or code,
                count=0,
                sums=dict.fromkeys(sums, 0),
                filter=f'{where}{field} == "{code}"',
            )
    codes: list[object] = [*ordered_codes(definition), None]
    known = [found[code] for code in codes if code in found]
    return (*known, *(head for code, head in found.items() if code not in codes))
