"""Lists: one page of records, read by keyset, never more rows than the page and one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.expr.check import check
from loopline.expr.parse import parse
from loopline.expr.tree import Node
from loopline.meta.scope import EntityScope
from loopline.query.cursor import Cursor, decode
from loopline.query.ordering import Key, after, order_by, sort_keys
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql
from loopline.store.rows import Reader, Record
from loopline.store.search import matching
from loopline.store.snapshot import Snapshot

Counting = Literal["none", "estimate", "exact"]
MOST_ROWS = 1_000
EXACT_UP_TO = 10_000
_DEFAULT_SORT = ("-created_at",)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListQuery:
    """What a list asks for. ``filter`` is an expression, ``fields`` limits what is read.

    ``cursor`` comes from a page before; ``backwards`` reads the page that ends before it.
    ``deleted`` lists the recycle bin instead of the living.
    """

    entity: str
    filter: str = ""
    q: str = ""
    sort: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    limit: int = 50
    cursor: str | None = None
    backwards: bool = False
    count: Counting = "none"
    deleted: bool = False


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
    reading = _Reading(ctx, query)
    rows, more = reading.rows()
    records = tuple(map(reading.reader.record, rows))
    begun = query.cursor is not None
    has_next = more if not query.backwards else begun
    has_previous = begun if not query.backwards else more
    return Page(
        records=records,
        next=reading.cursor(rows[-1]) if rows and has_next else None,
        previous=reading.cursor(rows[0]) if rows and has_previous else None,
        count=None if query.count == "none" else count(ctx, query),
    )


def count(ctx: Context, query: ListQuery) -> Count:
    """Count what matches: exactly, or up to a threshold when an estimate is enough."""
    reading = _Reading(ctx, query)
    ids = sa.select(reading.table.c.id).select_from(reading.source).where(*reading.conditions)
    if query.count != "exact":
        ids = ids.limit(EXACT_UP_TO + 1)
    total = sa.select(sa.func.count()).select_from(ids.subquery())
    value = int(ctx.connection.execute(total).scalar_one())
    if query.count == "exact" or value <= EXACT_UP_TO:
        return Count(value, exact=True)
    return Count(EXACT_UP_TO, exact=False)


def cursor_at(ctx: Context, query: ListQuery, record_id: int) -> str | None:
    """Answer the cursor that stands at a record; None when the list does not hold it."""
    reading = _Reading(ctx, query)
    columns = [key.column for key in reading.keys]
    row = ctx.connection.execute(
        sa.select(*columns)
        .select_from(reading.source)
        .where(*reading.conditions, reading.table.c.id == record_id)
    ).one_or_none()
    return None if row is None else reading.cursor(row)


def check_filter(snapshot: Snapshot, entity: str, text: str) -> Node:
    """Answer a filter parsed and checked, once per snapshot. Raises NotValid."""

    def build() -> Node:
        return check(parse(text), EntityScope(snapshot.catalog, snapshot.types, entity), "filter")

    return snapshot.memo(("filter", entity, text), build)


class _Reading:
    """The parts of one list statement."""

    def __init__(self, ctx: Context, query: ListQuery) -> None:
        self.ctx = ctx
        self.query = query
        one = ctx.snapshot.table(query.entity)
        self.columns = RecordColumns(ctx.snapshot, one)
        self.table = one.table
        names = None if query.fields is None else [n for n in query.fields if n in one.fields]
        self.reader = Reader(one, names)
        self.sort = query.sort or _DEFAULT_SORT
        self.keys: tuple[Key, ...] = sort_keys(self.columns, one.entity, self.sort)
        self.conditions = self._conditions()
        self.source = self.columns.source()

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        gone = self.table.c.deleted_at
        living: sa.ColumnElement[bool] = gone.is_not(None) if self.query.deleted else gone.is_(None)
        conditions = [living]
        if self.query.filter:
            node = check_filter(self.ctx.snapshot, self.query.entity, self.query.filter)
            conditions.append(to_sql(node, self.columns, self.ctx.moment))
        if self.query.q.strip():
            ids = matching(self.ctx.connection.dialect.name, self.query.entity, self.query.q)
            conditions.append(sa.false() if ids is None else self.table.c.id.in_(ids))
        return conditions

    def rows(self) -> tuple[list[Any], bool]:
        """Answer the rows of the page in list order, and whether there are more beyond."""
        wanted = self.query.limit + 1
        rows: list[Any] = []
        for blanks in self._phases():
            rows += self._phase(blanks, wanted - len(rows))
            if len(rows) == wanted:
                break
        more = len(rows) == wanted
        rows = rows[: self.query.limit]
        return (rows[::-1] if self.query.backwards else rows), more

    def _phases(self) -> list[bool]:
        """Answer the phases to read: rows with the first key, then those where it is blank."""
        phases = [False, True] if self.keys[0].nullable else [False]
        start = self._start()
        if self.query.backwards:
            phases.reverse()
            if start is not None and start[0] is not None:
                return [False]
        elif start is not None and start[0] is None:
            return [True]
        return phases

    def _start(self) -> Sequence[object] | None:
        if self.query.cursor is None:
            return None
        return decode(self.query.cursor, [self._name(key) for key in self.keys]).values

    def _phase(self, blanks: bool, limit: int) -> list[Any]:
        keys, backwards = self.keys, self.query.backwards
        conditions = list(self.conditions)
        if keys[0].nullable:
            column = keys[0].column
            conditions.append(column.is_(None) if blanks else column.is_not(None))
        start = self._start()
        if start is not None and (start[0] is None) == blanks:
            conditions.append(after(keys, start, blank_first_key=blanks, backwards=backwards))
        shown = self.reader.columns
        names = {column.name for column in shown}
        extra = [key.column for key in keys if getattr(key.column, "name", "") not in names]
        statement = (
            sa.select(*shown, *extra)
            .select_from(self.source)
            .where(*conditions)
            .order_by(*order_by(keys, blank_first_key=blanks, backwards=backwards))
            .limit(limit)
        )
        return list(self.ctx.connection.execute(statement))

    def cursor(self, row: Any) -> str:
        """Answer the cursor of a row."""
        values = tuple(row._mapping[key.column.name] for key in self.keys)
        return Cursor(tuple(map(self._name, self.keys)), values).encode()

    def _name(self, key: Key) -> str:
        return f"-{key.name}" if key.descending else key.name
