"""The records of a query as its viewer may read them: base records, and facts that point to them.

Scope applies to every entity. A link to a record that the viewer may not read leads nowhere, as in
lists, so that the rows a list shows for a cell's filter are those behind the cell.
"""

from dataclasses import replace
from typing import Any, cast

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.access.searched import found_ids
from loopline.errors import NotFound, NotValid, Problem
from loopline.expr.tree import Node
from loopline.meta.scope import EntityScope
from loopline.query.document import Aggregate, Fact, SemanticQuery
from loopline.query.plans import check_filter, scope_of, visible_records
from loopline.query.unread import no_entity, unread
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql

Condition = sa.ColumnElement[bool]


class Dataset:
    """The records that a query is about, as columns, conditions and a FROM clause.

    Columns are asked for first and the FROM clause last, since columns join the links they follow.
    """

    def __init__(self, ctx: Context, query: SemanticQuery) -> None:
        """Raises NotFound for an entity that the viewer may not read, NotValid for its filter."""
        scope = ctx.rights.scope(ctx.snapshot.catalog.entity(query.entity), "read")
        if scope is None:
            raise NotFound(code="entity.not_found", entity=query.entity)
        self.ctx, self.entity = ctx, query.entity
        self.hides = bool(scope)
        self.filtered = _filtered(query)
        self.fields = EntityScope(ctx.catalog, ctx.snapshot.types, query.entity)
        one = ctx.snapshot.table(query.entity)
        self.table: sa.FromClause = one.table
        self.columns = RecordColumns(
            ctx.snapshot, one, visible=lambda name: visible_records(ctx, name), prefix="v_"
        )
        self._within = RecordColumns(ctx.snapshot, one)
        gone = one.table.c.deleted_at
        self.alive: Condition = gone.is_not(None) if query.deleted else gone.is_(None)
        self.conditions: list[Condition] = [self.alive]
        if scope:
            node = scope_of(ctx, query.entity, scope)
            self.conditions.append(to_sql(node, self._within, ctx.moment))
        self.where = (
            checked(ctx, query.entity, query.where, "where") if query.where.strip() else None
        )
        if self.where is not None:
            self.conditions.append(to_sql(self.where, self.columns, ctx.moment))
        if query.q.strip():
            ids = found_ids(ctx, query.entity, query.q)
            self.conditions.append(sa.false() if ids is None else one.table.c.id.in_(ids))

    def condition(self, text: str, path: str) -> Condition:
        """Answer an expression over the records as SQL. Raises NotValid with problems at a path."""
        return to_sql(checked(self.ctx, self.entity, text, path), self.columns, self.ctx.moment)

    def source(self) -> sa.FromClause:
        """Answer the FROM clause with the links that were followed."""
        return self.columns.source(self._within.source())

    def hidden(self) -> sa.Select[int] | None:
        """Answer the query that counts the records kept from the viewer; None where none are.

        It counts all of the entity, not those that match: a viewer must not learn, by asking with
        one filter after another, what is in records they may not read. So of a filtered query it
        says no more than that there may be others.
        """
        if not self.hides:
            return None
        seen = visible_records(self.ctx, self.entity)
        if seen is None:
            return None
        every = sa.select(sa.func.count()).select_from(self.table).where(self.alive)
        theirs = sa.select(sa.func.count()).select_from(seen.where(self.alive).subquery())
        return sa.select(every.scalar_subquery() - theirs.scalar_subquery())


def _filtered(query: SemanticQuery) -> bool:
    """Whether what is counted are some of the records only: all of them, or in each measure."""
    counted = [one for one in query.measures if isinstance(one, Aggregate) and not one.fact]
    narrowed = bool(counted) and all(one.where.strip() for one in counted)
    return narrowed or bool(query.where.strip() or query.q.strip())


class FactRows:
    """The facts of a query, joined to their records: one row a fact."""

    def __init__(self, base: Dataset, fact: Fact) -> None:
        """Raises NotValid where there is no such entity, or no such link to the base records."""
        ctx, at = base.ctx, f"dataset.facts.{fact.id}"
        if not ctx.catalog.has("entity", fact.entity):
            raise NotValid(no_entity(ctx, fact.entity, f"{at}.entity"))
        link = ctx.catalog.entity(fact.entity).fields.get(fact.via)
        if link is None or link.masked or link.to != base.entity:
            params = {"field": fact.via, "entity": fact.entity, "base": base.entity}
            told = {**params, "unread": unread(ctx)}
            raise NotValid(Problem(f"{at}.via", "query.no_fact_link", told))
        self.ctx, self.entity = ctx, fact.entity
        self.fields = EntityScope(ctx.catalog, ctx.snapshot.types, fact.entity)
        one = ctx.snapshot.table(fact.entity)
        alias = one.table.alias("fact")
        self.table = alias
        self.columns = RecordColumns(
            ctx.snapshot,
            replace(one, table=cast(Any, alias)),
            visible=lambda name: visible_records(ctx, name),
            prefix="f_",
        )
        self._on: list[Condition] = [
            alias.c[one.fields[fact.via].main] == base.table.c.id,
            alias.c.deleted_at.is_(None),
        ]
        seen = visible_records(ctx, fact.entity)
        if seen is not None:
            self._on.append(alias.c.id.in_(seen))

    def condition(self, text: str, path: str) -> Condition:
        """Answer an expression over the facts as SQL. Raises NotValid with problems at a path."""
        return to_sql(checked(self.ctx, self.entity, text, path), self.columns, self.ctx.moment)

    def joined(self, source: sa.FromClause) -> sa.FromClause:
        """Answer the FROM clause of the base records with the facts and what they link to."""
        return self.columns.source(source.join(self.table, sa.and_(*self._on)))


def checked(ctx: Context, entity: str, text: str, path: str) -> Node:
    """Answer an expression parsed and checked for the viewer. Raises NotValid at ``path``."""
    try:
        return check_filter(ctx, entity, text)
    except NotValid as error:
        problems = (Problem(path, one.code, one.params) for one in error.problems)
        raise NotValid(*problems) from None
