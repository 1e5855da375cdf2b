"""Which records gain and lose a tag by a rule: its condition as SQL, the same for preview and run.

Each query answers ids beyond one, in order, so that a run goes through them in steps.
"""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.tag_groups import TagRule, field_of
from loopline.query.plans import scope_of
from loopline.store.columns import RecordColumns
from loopline.store.expressions import to_sql
from loopline.store.members import MEMBER, RECORD
from loopline.store.rule_tags import rule_tag

Ids = sa.Select[int]


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule beside the field that its tag goes into."""

    rule: TagRule
    field: FieldDef


def placed_rules(ctx: Context) -> list[PlacedRule]:
    """Answer the rules of the release in order, without those whose tag or entity is gone."""
    catalog = ctx.snapshot.catalog
    found = []
    for name in catalog.active_ids("tag_group"):
        for rule in catalog.tag_group(name).rules:
            entity = catalog.entity(rule.entity) if catalog.has("entity", rule.entity) else None
            field = field_of(rule, entity) if entity is not None else None
            if field is not None:
                found.append(PlacedRule(rule, field))
    return found


def gaining(ctx: Context, one: PlacedRule) -> Ids:
    """Answer the query for records that the rule gives its tag to.

    They do not have it, nor another of an exclusive group; nobody took it from them since a rule
    that still holds gave it.
    """
    column = _id(ctx, one)
    barred = [one.rule.tag, *_rivals(one)]
    given = rule_tag.c
    tag = (given.field == one.field.id) & (given.tag == one.rule.tag)
    known = sa.select(given.record).where(given.entity == one.rule.entity, tag)
    return _holding(ctx, one).where(column.not_in(_having(ctx, one, barred)), column.not_in(known))


def losing(ctx: Context, one: PlacedRule) -> Ids:
    """Answer the query for records that the rule gave its tag to and holds for no more."""
    given = rule_tag.c
    return _given(one).where(given.record.not_in(_holding(ctx, one)))


def joining(ctx: Context, one: PlacedRule) -> Ids:
    """Answer the query for records that have the tag by another rule, while this one holds too."""
    column, given = _id(ctx, one), rule_tag.c
    others = sa.select(given.record).where(
        given.entity == one.rule.entity,
        given.field == one.field.id,
        given.tag == one.rule.tag,
        given.rule != one.rule.key,
    )
    return _holding(ctx, one).where(
        column.in_(others),
        column.in_(_having(ctx, one, [one.rule.tag])),
        column.not_in(_given(one)),
    )


def step(ctx: Context, query: Ids, after: int, limit: int) -> list[int]:
    """Answer the next ids of one of these queries."""
    column = query.selected_columns[0]
    some = query.where(column > after).order_by(column).limit(limit)
    return list(ctx.connection.execute(some).scalars())


def total(ctx: Context, query: Ids) -> int:
    """Answer how many records one of these queries finds."""
    counted = sa.select(sa.func.count()).select_from(query.subquery())
    return int(ctx.connection.execute(counted).scalar_one())


def kept_besides(
    ctx: Context, field: FieldDef, tag: str, rule: str, ids: Collection[int]
) -> frozenset[int]:
    """Answer which of some records have a tag by another rule as well."""
    given = rule_tag.c
    query = sa.select(given.record).where(
        given.entity == field.entity,
        given.field == field.id,
        given.tag == tag,
        given.rule != rule,
        given.record.in_(sorted(ids)),
    )
    return frozenset(ctx.connection.execute(query).scalars())


def orphans(ctx: Context, known: list[str]) -> list[tuple[str, str, str]]:
    """Answer (entity, tag, rule) of what rules gave that the release does not have any more."""
    given = rule_tag.c
    query = sa.select(given.entity, given.tag, given.rule).where(given.rule.not_in(known))
    return [(row[0], row[1], row[2]) for row in ctx.connection.execute(query.distinct())]


def given_by(entity: str, rule: str) -> Ids:
    """Answer the query for records that a rule gave its tag to, whether or not there is one."""
    return sa.select(rule_tag.c.record).where(rule_tag.c.entity == entity, rule_tag.c.rule == rule)


def _id(ctx: Context, one: PlacedRule) -> sa.Column[int]:
    return ctx.snapshot.table(one.rule.entity).table.c.id


def _holding(ctx: Context, one: PlacedRule) -> Ids:
    """Answer the query for living records for which the rule holds."""
    table = ctx.snapshot.table(one.rule.entity)
    columns = RecordColumns(ctx.snapshot, table)
    holds = to_sql(scope_of(ctx, one.rule.entity, one.rule.when), columns, ctx.moment)
    ids = table.table.c
    return sa.select(ids.id).select_from(columns.source()).where(holds, ids.deleted_at.is_(None))


def _having(ctx: Context, one: PlacedRule, tags: list[str]) -> Ids:
    members = ctx.snapshot.table(one.rule.entity).fields[one.field.id].members
    if members is None:
        raise KeyError(one.field.id)
    return sa.select(members.c[RECORD]).where(members.c[MEMBER].in_(tags))


def _given(one: PlacedRule) -> Ids:
    """Answer the query for records that the rule gave its tag to."""
    own = given_by(one.rule.entity, one.rule.key)
    return own.where(rule_tag.c.field == one.field.id)


def _rivals(one: PlacedRule) -> list[str]:
    """Answer the other tags of an exclusive group."""
    own = one.field.options[one.rule.tag]
    if not own.exclusive:
        return []
    options = one.field.options.values()
    return [o.code for o in options if o.group == own.group and o.code != own.code]
