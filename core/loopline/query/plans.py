"""List plans: the statements behind a list, built once for what it asks.

A plan hangs on the snapshot. What differs from page to page (how many rows, after which row) is
bound when a statement runs, so that a list costs no building and no compiling after its first time.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar, cast

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.access.searched import found_ids
from loopline.errors import Forbidden, NotFound
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.passing import passing
from loopline.expr.tree import Node
from loopline.meta.catalog import Catalog
from loopline.meta.scope import EntityScope
from loopline.query.cursor import decode, encode
from loopline.query.ordering import Key, after, order_by, sort_keys
from loopline.query.request import ListQuery
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql
from loopline.store.rows import Reader, Record
from loopline.store.snapshot import Snapshot
from loopline.store.virtual import VirtualField, virtual_field

Query = sa.Select[*tuple[Any, ...]]
Start = Sequence[object]
"""The sort values of the row after which a page begins."""
T = TypeVar("T")
_DEFAULT_SORT: Final = ("-created_at",)


def plan_for(ctx: Context, query: ListQuery) -> "ListPlan":
    """Answer the plan of a list over the records that the actor may read.

    Raises NotFound for an entity they may not read, BadRequest or NotValid naming what of the query
    is not understood.
    """
    scope = _scope(ctx, query)
    nodes = [scope_of(ctx, query.entity, scope)] if scope else []
    if query.filter:
        nodes.append(check_filter(ctx, query.entity, query.filter))
    nodes += [one.node for one in _shown_virtual(ctx, query)]
    depends = passing(nodes, ctx.moment)
    if query.q.strip() or depends is None or _looks_across(ctx, nodes):
        return ListPlan(ctx, query, scope)
    asked = (query.entity, query.filter, query.sort, query.fields, query.deleted)
    key = ("list", *asked, scope, ctx.rights.key, depends)
    return ctx.snapshot.memo(key, lambda: ListPlan(ctx, query, scope))


def _shown_virtual(ctx: Context, query: ListQuery) -> list[VirtualField]:
    """Answer the fields that a list shows or sorts by and that are stored nowhere."""
    seen = ctx.catalog.entity(query.entity)
    asked = {*(seen.fields if query.fields is None else query.fields)}
    asked |= {text.lstrip("-") for text in query.sort}
    wanted = [name for name in seen.virtual if name in asked]
    found = (virtual_field(ctx.snapshot, query.entity, name) for name in wanted)
    return [one for one in found if one is not None]


def _scope(ctx: Context, query: ListQuery) -> str:
    """Answer which records the list is of, blank for all. Raises NotFound, Forbidden."""
    entity = ctx.snapshot.catalog.entity(query.entity)
    scope = ctx.rights.scope(entity, "read")
    if scope is None:
        raise NotFound(code="entity.not_found", entity=query.entity)
    if query.action == "read":
        return scope
    further = ctx.rights.scope(entity, query.action)
    if further is None:
        raise Forbidden(code="auth.forbidden", action=query.action, entity=entity.label)
    parts = dict.fromkeys(text for text in (scope, further) if text)
    return " && ".join(f"({text})" for text in parts)


def _looks_across(ctx: Context, nodes: Sequence[Node]) -> bool:
    """Whether links are followed for somebody who may not see all that they lead to."""
    if ctx.rights.unrestricted:
        return False
    return any(len(path) > 1 for node in nodes for path in references(node))


def check_filter(ctx: Context, entity: str, text: str) -> Node:
    """Answer a filter parsed and checked against what the actor may see. Raises NotValid."""
    return _checked(ctx.snapshot, ctx.catalog, entity, text, ctx.rights.key)


def scope_of(ctx: Context, entity: str, scope: str) -> Node:
    """Answer a scope parsed and checked; it may name what the actor does not see."""
    return _checked(ctx.snapshot, ctx.snapshot.catalog, entity, scope)


def visible_records(ctx: Context, entity: str, action: str = "read") -> sa.Select[int] | None:
    """Answer the ids of the records on which the actor may do an action; None if on all of them."""
    scope = ctx.rights.scope(ctx.snapshot.catalog.entity(entity), action)
    if scope == "":
        return None
    one = ctx.snapshot.table(entity)
    columns = RecordColumns(ctx.snapshot, one)
    condition = (
        sa.false() if scope is None else to_sql(scope_of(ctx, entity, scope), columns, ctx.moment)
    )
    return sa.select(one.table.c.id).select_from(columns.source()).where(condition)


def _checked(
    snapshot: Snapshot, catalog: Catalog, entity: str, text: str, seen: Hashable = None
) -> Node:
    """Answer an expression over an entity, checked once per snapshot and viewer's catalog."""

    def build() -> Node:
        return check(parse(text), EntityScope(catalog, snapshot.types, entity), "filter")

    return snapshot.memo(("filter", entity, text, seen), build)


class ListPlan:
    """The parts of a list's statements, and the statements themselves as they are asked for."""

    def __init__(self, ctx: Context, query: ListQuery, scope: str) -> None:
        one = ctx.snapshot.table(query.entity)
        seen = ctx.catalog.entity(query.entity)
        columns = RecordColumns(
            ctx.snapshot, one, visible=lambda entity: visible_records(ctx, entity), prefix="v_"
        )
        within = RecordColumns(ctx.snapshot, one)
        asked = seen.fields if query.fields is None else query.fields
        chosen = [name for name in asked if name in seen.fields and name in one.fields]
        self.reader = Reader(one, chosen)
        made = {field.name: field for field in _shown_virtual(ctx, query)}
        sort = query.sort or _DEFAULT_SORT
        self.keys: tuple[Key, ...] = sort_keys(columns, seen, sort, made.get, ctx.moment)
        self._belongs = (query.entity, *map(str, self.keys))
        self._id = one.table.c.id
        gone = one.table.c.deleted_at
        self._conditions: list[sa.ColumnElement[bool]] = [
            gone.is_not(None) if query.deleted else gone.is_(None)
        ]
        if scope:
            node = scope_of(ctx, query.entity, scope)
            self._conditions.append(to_sql(node, within, ctx.moment))
        if query.filter:
            node = check_filter(ctx, query.entity, query.filter)
            self._conditions.append(to_sql(node, columns, ctx.moment))
        if query.q.strip():
            ids = found_ids(ctx, query.entity, query.q)
            self._conditions.append(sa.false() if ids is None else self._id.in_(ids))
        self._shown: list[sa.ColumnElement[Any]] = [*self.reader.columns]
        self._virtual: list[tuple[VirtualField, int, int]] = []
        for field in (one for name, one in made.items() if name in asked):
            parts = field.columns(columns, ctx.moment)
            end = len(self._shown) + len(parts)
            self._virtual.append((field, len(self._shown), end))
            self._shown += parts
        self._places = [self._place_of(key.column) for key in self.keys]
        self._shown = [
            one if at < len(self.reader.columns) else one.label(f"c{at}")
            for at, one in enumerate(self._shown)
        ]
        self._source = columns.source(within.source())
        self._built: dict[Hashable, object] = {}

    def _place_of(self, column: sa.ColumnElement[Any]) -> int:
        """Answer where a column stands in the rows, appending it where it does not yet."""
        for at, one in enumerate(self._shown):
            if one is column:
                return at
        self._shown.append(column)
        return len(self._shown) - 1

    def record(self, row: Sequence[Any]) -> Record:
        """Answer the record of a row, with what is worked out for it."""
        found = self.reader.record(row)
        if not self._virtual:
            return found
        made = {field.name: field.load(row[start:end]) for field, start, end in self._virtual}
        return replace(found, values={**found.values, **made})

    def start(self, cursor: str | None) -> Start | None:
        """Answer where a page begins. Raises BadRequest for a cursor of another list."""
        return None if cursor is None else decode(cursor, self._belongs)

    def cursor(self, row: Sequence[Any]) -> str:
        """Answer the cursor that stands at a row."""
        return encode([row[place] for place in self._places], self._belongs)

    def rows(
        self,
        connection: sa.Connection,
        start: Start | None,
        limit: int,
        *,
        blanks: bool,
        backwards: bool,
    ) -> list[Sequence[Any]]:
        """Read up to ``limit`` rows after ``start`` whose first key is blank, or is not."""
        given = start if start is not None and (start[0] is None) == blanks else None
        shape = None if given is None else tuple(value is None for value in given)
        statement = self._once(
            (blanks, backwards, shape),
            lambda: self._page(shape, blanks=blanks, backwards=backwards),
        )
        params = {f"k{at}": value for at, value in enumerate(given or ()) if value is not None}
        return list(connection.execute(statement, {**params, "most": limit}).all())

    def _page(self, shape: Sequence[bool] | None, *, blanks: bool, backwards: bool) -> Query:
        keys, conditions = self.keys, list(self._conditions)
        if keys[0].nullable:
            column = keys[0].column
            conditions.append(column.is_(None) if blanks else column.is_not(None))
        if shape is not None:
            start = [None if blank else _place(at) for at, blank in enumerate(shape)]
            conditions.append(after(keys, start, blank_first_key=blanks, backwards=backwards))
        return (
            sa.select(*self._shown)
            .select_from(self._source)
            .where(*conditions)
            .order_by(*order_by(keys, blank_first_key=blanks, backwards=backwards))
            .limit(sa.bindparam("most", type_=sa.Integer))
        )

    def row_of(self, connection: sa.Connection, record_id: int) -> Sequence[Any] | None:
        """Answer the row of a record; None when the list does not hold it."""
        found = connection.execute(
            sa.select(*self._shown)
            .select_from(self._source)
            .where(*self._conditions, self._id == record_id)
        )
        return found.one_or_none()

    def count(self, connection: sa.Connection, most: int | None) -> int:
        """Count what matches, no further than ``most``."""
        statement = self._once(
            ("count", most is None), lambda: self._counting(capped=most is not None)
        )
        params: Mapping[str, object] = {} if most is None else {"most": most}
        return int(connection.execute(statement, params).scalar_one())

    def _counting(self, *, capped: bool) -> Query:
        ids = sa.select(self._id).select_from(self._source).where(*self._conditions)
        if capped:
            ids = ids.limit(sa.bindparam("most", type_=sa.Integer))
        return sa.select(sa.func.count()).select_from(ids.subquery())

    def _once(self, key: Hashable, build: Callable[[], T]) -> T:
        if key not in self._built:
            self._built[key] = build()
        return cast(T, self._built[key])


def _place(at: int) -> sa.BindParameter[Any]:
    return sa.bindparam(f"k{at}")
