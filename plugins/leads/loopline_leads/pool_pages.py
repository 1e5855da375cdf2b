"""The pools at a glance: what waits in each, and where its list is."""

from collections.abc import Iterator

from loopline.sdk import Context, PageAnswer, PageRequest, Record
from loopline_leads.leads import POOL
from loopline_leads.pooled import LEADS, POOLED, Pooled, both
from loopline_leads.rules import pool_rules
from loopline_leads.soon_page import may_read
from loopline_leads.tables import Cell, Table, TablePage, list_href
from loopline_leads.texts import told


def pool_table(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: each pool with what waits in it and what its members hold.

    Leads first, then customers where a rule keeps them in pools. Counts are of what the viewer
    may read, so that a stranger's pool shows nothing.
    """
    intro = ctx.say(told("pools.intro"))
    return TablePage(intro=intro, tables=list(_tables(ctx))).drawn(told("page.pools"))


def _tables(ctx: Context) -> Iterator[Table]:
    names = ("pool", "waiting", "held", "mine")
    heads = [Cell(ctx.say(told(f"head.{name}")), number=name != "pool") for name in names]
    pools = list(ctx.elevated("the names of pools").every(POOL))
    ruled = {name: {rule.pool for rule in pool_rules(ctx, name)} for name in POOLED}
    for what in POOLED.values():
        mine = ruled[what.entity]
        others = set().union(*ruled.values()) - mine
        shown = [one for one in pools if _is_of(what, one.value("code"), mine, others)]
        if what is not LEADS and not (shown and may_read(ctx, what)):
            continue
        yield Table(
            title=ctx.say(told(f"pools.{what.entity}")),
            heads=heads,
            rows=[_row(ctx, what, one) for one in shown],
            empty=ctx.say(told("pools.empty")),
        )


def _is_of(what: Pooled, code: object, mine: set[str], others: set[str]) -> bool:
    """Whether a pool is for an entity: a rule says so, or none does and it is for leads."""
    return code in mine or (what is LEADS and code not in others)


def _row(ctx: Context, what: Pooled, pool: Record) -> list[Cell]:
    within = both(f"{what.field('pool')} == {pool.id}", what.open)
    conditions = [
        both(within, whose) for whose in ("is_blank(owner)", "!is_blank(owner)", "owner == me")
    ]
    counts = [
        Cell(str(ctx.count(what.entity, one)), list_href(what.entity, one), number=True)
        for one in conditions
    ]
    return [Cell(str(pool.value("name")), list_href(what.entity, conditions[0])), *counts]
