"""Lists: one page of records, read by keyset, never more rows than the page and one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from loopline.access.context import Context
from loopline.access.veil import veil
from loopline.errors import BadRequest, Problem
from loopline.query.plans import ListPlan, Start, check_filter, plan_for
from loopline.query.request import Counting, ListQuery
from loopline.store.rows import Record

__all__ = [
    "EXACT_UP_TO",
    "MOST_ROWS",
    "Count",
    "Counting",
    "ListQuery",
    "Page",
    "check_filter",
    "count",
    "cursor_at",
    "page",
]

MOST_ROWS: Final = 1_000
EXACT_UP_TO: Final = 10_000


@dataclass(frozen=True, slots=True)
class Count:
    """How many records match; beyond ``EXACT_UP_TO`` an estimate says at least that many."""

    value: int
    exact: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One page: its records, the cursors around it, and the count if it was asked for."""

    records: tuple[Record, ...]
    next: str | None
    previous: str | None
    count: Count | None


def page(ctx: Context, query: ListQuery) -> Page:
    """Read one page. Raises BadRequest naming what in the query cannot be understood."""
    if not 1 <= query.limit <= MOST_ROWS:
        raise BadRequest(Problem("limit", "query.limit", {"most": MOST_ROWS}))
    plan = plan_for(ctx, query)
    rows, more = _read(ctx, plan, query)
    begun = query.cursor is not None
    has_next = more if not query.backwards else begun
    has_previous = begun if not query.backwards else more
    return Page(
        records=tuple(veil(ctx, list(map(plan.record, rows)))),
        next=plan.cursor(rows[-1]) if rows and has_next else None,
        previous=plan.cursor(rows[0]) if rows and has_previous else None,
        count=None if query.count == "none" else _count(ctx, plan, query),
    )


def count(ctx: Context, query: ListQuery) -> Count:
    """Count what matches: exactly, or up to a threshold when an estimate is enough."""
    return _count(ctx, plan_for(ctx, query), query)


def cursor_at(ctx: Context, query: ListQuery, record_id: int) -> str | None:
    """Answer the cursor that stands at a record; None when the list does not hold it."""
    plan = plan_for(ctx, query)
    row = plan.row_of(ctx.connection, record_id)
    return None if row is None else plan.cursor(row)


def _count(ctx: Context, plan: ListPlan, query: ListQuery) -> Count:
    exactly = query.count == "exact"
    value = plan.count(ctx.connection, None if exactly else EXACT_UP_TO + 1)
    if exactly or value <= EXACT_UP_TO:
        return Count(value, exact=True)
    return Count(EXACT_UP_TO, exact=False)


def _read(ctx: Context, plan: ListPlan, query: ListQuery) -> tuple[list[Sequence[Any]], bool]:
    """Answer the rows of the page in list order, and whether there are more beyond."""
    start, wanted = plan.start(query.cursor), query.limit + 1
    rows: list[Sequence[Any]] = []
    for blanks in _phases(plan, start, backwards=query.backwards):
        rows += plan.rows(
            ctx.connection, start, wanted - len(rows), blanks=blanks, backwards=query.backwards
        )
        if len(rows) == wanted:
            break
    more = len(rows) == wanted
    rows = rows[: query.limit]
    return (rows[::-1] if query.backwards else rows), more


def _phases(plan: ListPlan, start: Start | None, *, backwards: bool) -> list[bool]:
    """Answer the phases to read: rows with the first key, then those where it is blank."""
    phases = [False, True] if plan.keys[0].nullable else [False]
    if backwards:
        phases.reverse()
        if start is not None and start[0] is not None:
            return [False]
    elif start is not None and start[0] is None:
        return [True]
    return phases
