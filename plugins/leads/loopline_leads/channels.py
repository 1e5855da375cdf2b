"""Channels: how many leads each source brought, how they stand, and how many were converted."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from loopline.sdk import Context, PageAnswer, PageRequest
from loopline_leads.asking import number
from loopline_leads.leads import LEAD, moment
from loopline_leads.tables import Cell, Input, Table, TablePage, list_href
from loopline_leads.texts import told

STATUSES: Final = ("new", "assigned", "contacted", "qualified", "converted", "invalid")
USUAL_DAYS: Final = 90


def channel_query(since: str) -> Mapping[str, object]:
    """Answer the semantic query: by source the number, that of each status, and the rate."""
    counts = {
        name: {"aggregate": "count", "where": f'status == "{name}"', "pos": place}
        for place, name in enumerate(STATUSES, 2)
    }
    return {
        "dataset": {"entity": LEAD},
        "dimensions": {"source": {"field": "source"}},
        "measures": {
            "n": {"aggregate": "count", "pos": 1},
            **counts,
            "rate": {"formula": "converted / n", "format": "percent1", "pos": 9},
        },
        "where": f"created_at >= {since}",
        "sort": "-n",
    }


def channel_table(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: one row a source, its numbers leading to the leads behind them."""
    days = number(request.query, "days", USUAL_DAYS)
    grid = ctx.query(channel_query(moment(ctx.now - timedelta(days=days))))
    names = ("n", *STATUSES, "rate")
    heads = [Cell(ctx.say(told("head.source")))]
    heads += [Cell(ctx.say(told(f"head.{name}")), number=True) for name in names]
    rows = []
    for row in (*grid.rows, *grid.totals):
        label = row.labels.get("source") or ctx.say(told("channels.blank"))
        first = label if row.level == 0 else ctx.say(told("channels.all"))
        cells = [Cell(_text(value), number=True) for value in row.values]
        rows.append([Cell(first, list_href(LEAD, row.filter)), *cells])
    asked = Input(name="days", label=ctx.say(told("ask.past_days")), value=str(days), number=True)
    return TablePage(
        intro=ctx.say(told("channels.intro")),
        action="/leads/channels",
        inputs=[asked],
        submit=ctx.say(told("ask.show")),
        tables=[Table(heads=heads, rows=rows, empty=ctx.say(told("channels.empty")))],
    ).drawn(told("page.channels"))


def _text(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.1%}" if isinstance(value, float) else str(value)
