"""The pools at a glance: what waits in each, and where its list is."""

from loopline.sdk import Context, PageAnswer, PageRequest, Record
from loopline_leads.leads import LEAD, OPEN, POOL, each
from loopline_leads.tables import Cell, Table, TablePage, list_href
from loopline_leads.texts import told


def pool_table(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: each pool with what waits in it and what its members hold.

    Counts are of what the viewer may read, so that a stranger's pool shows nothing.
    """
    names = ("pool", "waiting", "held", "mine")
    heads = [Cell(ctx.say(told(f"head.{name}")), number=name != "pool") for name in names]
    pools = each(ctx.elevated("the names of pools"), POOL)
    table = Table(
        heads=heads,
        rows=[_row(ctx, one) for one in pools],
        empty=ctx.say(told("pools.empty")),
    )
    intro = ctx.say(told("pools.intro"))
    return TablePage(intro=intro, tables=[table]).drawn(told("page.pools"))


def _row(ctx: Context, pool: Record) -> list[Cell]:
    within = f"pool == {pool.id} && {OPEN}"
    conditions = (
        f"{within} && is_blank(owner)",
        f"{within} && !is_blank(owner)",
        f"{within} && owner == me",
    )
    counts = [
        Cell(str(ctx.count(LEAD, one)), list_href(LEAD, one), number=True) for one in conditions
    ]
    return [Cell(str(pool.value("name")), list_href(LEAD, conditions[0])), *counts]
