"""Facts that meet the records of a query in groups, not by a link: planned beside reached.

They are grouped by fields of their own, one for each dimension of the query, so that the groups of
both have one key. Nothing is joined, hence neither side is counted once for the other.
"""

from collections.abc import Sequence
from dataclasses import replace

import sqlalchemy as sa

from loopline.errors import NotFound, NotValid, Problem
from loopline.expr.types import ExprType
from loopline.query.dataset import Dataset
from loopline.query.dimensions import plan_dimension
from loopline.query.document import Aggregate, Fact, SemanticQuery
from loopline.query.groups import DimensionPlan
from loopline.query.rows import Rows
from loopline.query.unread import no_entity


def matched_rows(base: Dataset, fact: Fact) -> Dataset:
    """Answer the records of a fact that the viewer may read. Raises NotValid for no such."""
    try:
        return Dataset(base.ctx, SemanticQuery(entity=fact.entity))
    except NotFound:
        at = f"dataset.facts.{fact.id}.entity"
        raise NotValid(no_entity(base.ctx, fact.entity, at)) from None


def matched_dimensions(
    rows: Dataset, fact: Fact, planned: Sequence[DimensionPlan]
) -> tuple[DimensionPlan, ...]:
    """Answer the dimensions of a query over the fields of a fact.

    Raises NotValid where it has no field for one of them, or one whose groups are others.
    """
    return tuple(_dimension(rows, fact, one) for one in planned)


def narrow(rows: Rows, measures: Sequence[Aggregate]) -> None:
    """Leave out the facts that no measure looks at, so that they make no groups."""
    if isinstance(rows, Dataset) and all(one.where.strip() for one in measures):
        tests = [rows.condition(one.where, f"measures.{one.id}.where") for one in measures]
        rows.conditions.append(sa.or_(sa.false(), *tests))


def _dimension(rows: Dataset, fact: Fact, one: DimensionPlan) -> DimensionPlan:
    at, name = f"dataset.facts.{fact.id}.by", one.dimension.id
    path = fact.by.get(name)
    if path is None:
        raise NotValid(Problem(at, "query.unmatched", {"name": name}))
    asked = replace(one.dimension, path=path, value="", fill=None, show_empty=False)
    try:
        found = plan_dimension(rows, asked)
    except NotValid as error:
        problems = (Problem(f"{at}.{name}", each.code, each.params) for each in error.problems)
        raise NotValid(*problems) from None
    if found.many is not None or one.many is not None or _groups(found) != _groups(one):
        params = {"name": name, "field": ".".join(path)}
        raise NotValid(Problem(f"{at}.{name}", "query.other_groups", params))
    return found


def _groups(one: DimensionPlan) -> tuple[object, ...]:
    """Answer what makes the groups of two dimensions the same."""
    if one.buckets is not None:
        return ("days",)
    scale = one.scale if one.type is ExprType.NUMBER and not one.dimension.bounds else 0
    codes = tuple(sorted(one.field.options)) if one.type is ExprType.CODE else ()
    return (one.type, one.to, scale, codes)
