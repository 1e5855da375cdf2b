"""Tallies: how many records stand somewhere, how many of them are of note, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.expr.check import references
from loopline.expr.passing import passing
from loopline.expr.tree import Node
from loopline.query.lists import EXACT_UP_TO
from loopline.query.plans import check_filter, scope_of, visible_records
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql

Query = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class TallyQuery:
    """What is counted: the records of an entity that match ``filter``, and of those ``part``.

    ``earliest`` names a date of which the earliest is asked for; ``at`` a link, or ``id``, and what
    it has to be.
    """

    entity: str
    filter: str = ""
    part: str = ""
    earliest: str = ""
    at: tuple[str, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """What was counted, no further than lists count; ``earliest`` is None where nothing is."""

    count: int
    part: int
    exact: bool
    earliest: Any


def tally(ctx: Context, query: TallyQuery) -> Tally:
    """Count in one statement over the records that the actor may read.

    Raises NotFound for an entity they may not read, NotValid naming what they may not ask.
    """
    scope = ctx.rights.scope(ctx.snapshot.catalog.entity(query.entity), "read")
    if scope is None:
        raise NotFound(code="entity.not_found", entity=query.entity)
    nodes = [scope_of(ctx, query.entity, scope)] if scope else []
    asked = [
        check_filter(ctx, query.entity, text) if text else None
        for text in (query.filter, query.part)
    ]
    known = [*nodes, *(node for node in asked if node is not None)]
    depends = passing(known, ctx.moment)
    across = not ctx.rights.unrestricted and any(
        len(path) > 1 for node in known for path in references(node)
    )
    field = query.at[0] if query.at else ""
    if depends is None or across:
        statement = _statement(ctx, query, nodes, asked)
    else:
        shape = (query.entity, query.filter, query.part, query.earliest, field)
        key = ("tally", *shape, scope, ctx.rights.key, depends)
        statement = ctx.snapshot.memo(key, lambda: _statement(ctx, query, nodes, asked))
    given = {"at": query.at[1]} if query.at else {}
    row = ctx.connection.execute(statement, {**given, "most": EXACT_UP_TO + 1}).one()
    return Tally(
        count=min(row[0], EXACT_UP_TO),
        part=min(int(row[1] or 0), EXACT_UP_TO),
        exact=row[0] <= EXACT_UP_TO,
        earliest=row[2],
    )


def _statement(
    ctx: Context, query: TallyQuery, scope: Sequence[Node], asked: Sequence[Node | None]
) -> Query:
    one = ctx.snapshot.table(query.entity)
    within = RecordColumns(ctx.snapshot, one)
    columns = RecordColumns(
        ctx.snapshot, one, visible=lambda entity: visible_records(ctx, entity), prefix="v_"
    )
    conditions: list[sa.ColumnElement[bool]] = [one.table.c.deleted_at.is_(None)]
    conditions += [to_sql(node, within, ctx.moment) for node in scope]
    matching, part = asked
    if matching is not None:
        conditions.append(to_sql(matching, columns, ctx.moment))
    if query.at is not None:
        conditions.append(columns.column((query.at[0],)) == sa.bindparam("at", type_=sa.BigInteger))
    flag = sa.false() if part is None else to_sql(part, columns, ctx.moment)
    since = columns.column((query.earliest,)) if query.earliest else sa.null()
    found = (
        sa.select(sa.case((flag, 1), else_=0).label("part"), since.label("since"))
        .select_from(columns.source(within.source()))
        .where(*conditions)
        .limit(sa.bindparam("most", type_=sa.Integer))
        .subquery()
    )
    return sa.select(sa.func.count(), sa.func.sum(found.c.part), sa.func.min(found.c.since))
