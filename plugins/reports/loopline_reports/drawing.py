"""A report that was run, as templates draw it: cells that lead to the records behind them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from loopline.sdk import Context
from loopline_reports.cells import Cell, CellGrid, Drill
from loopline_reports.charts import ChartData
from loopline_reports.emptiness import is_empty, nothing_of


@dataclass(frozen=True, slots=True)
class Lists:
    """The addresses of lists: of each entity by a view that leaves nothing out by itself."""

    ctx: Context = field(repr=False)
    views: Mapping[str, str]

    def href(self, drill: Drill, view: str = "") -> str:
        """Answer the address of the list of exactly the records behind a cell."""
        chosen = view or self.views.get(drill.entity, "")
        given = {"view": chosen, "filter": drill.filter}
        query = urlencode({name: text for name, text in given.items() if text})
        return f"/records/{drill.entity}" + (f"?{query}" if query else "")


def lists_of(ctx: Context) -> Lists:
    """Answer the addresses of lists, the first view without a filter of each entity."""
    found: dict[str, str] = {}
    for one in sorted(ctx.documents("view"), key=lambda each: each.body.get("pos", 0)):
        body = one.body
        plain = body.get("type") == "list" and not body.get("filter") and not body.get("hidden")
        if plain:
            found.setdefault(str(body["entity"]), one.id)
    return Lists(ctx, found)


def drawn(
    grid: CellGrid, chart: ChartData | None, lists: Lists, entity: str = "", view: str = ""
) -> Mapping[str, object]:
    """Answer what the template of a table and its chart needs; ``view`` is for one entity."""

    def href(cell: Cell) -> str:
        if cell.drill is None:
            return ""
        return lists.href(cell.drill, view if cell.drill.entity == entity else "")

    return {
        "title": grid.title,
        "subject": grid.subject,
        "heads": grid.heads,
        "stubs": grid.stubs,
        "empty": is_empty(grid),
        "nothing": nothing_of(lists.ctx, entity) if entity and is_empty(grid) else None,
        "lines": [[_cell(one, href(one)) for one in line] for line in grid.lines],
        "notes": grid.notes,
        "chart": None if chart is None else _chart(chart),
    }


def _chart(chart: ChartData) -> Mapping[str, str]:
    return {"json": json.dumps(chart.plain(), ensure_ascii=False), "summary": chart.summary}


def _cell(cell: Cell, href: str) -> Mapping[str, object]:
    names = ("text", "rows", "columns", "column", "part", "total", "style", "bar")
    return {**{name: getattr(cell, name) for name in names}, "href": href}
