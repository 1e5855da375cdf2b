"""The published CRM data set through report documents: every known figure, on both databases."""

from decimal import Decimal
from pathlib import Path

import pytest

from loopline.bootstrap import Platform
from loopline.sdk import Context
from loopline.services.plugin_context import plugin_context
from loopline_reports.cells import CellGrid
from loopline_reports.running import Ran, report_named, run
from outside.test_maven import FILES, packs

__all__ = ["packs"]
REPORTS = """
kind: report
id: x_agents
format: 1
label: {zh: 销售代表, en: Agents}
dataset: {entity: opportunity}
dimensions:
  office: {field: owner.department}
  agent: {field: owner}
measures:
  n: {aggregate: count}
  won: {aggregate: count, where: 'stage == "won"'}
  lost: {aggregate: count, where: 'stage == "lost"'}
  rate: {formula: won / (won + lost), format: percent2}
  value: {aggregate: sum, field: amount, where: 'stage == "won"'}
pivot: {rows: [office, agent], subtotals: {rows: [office]}}
sort: {agent: {by: value}}
---
kind: report
id: x_products
format: 1
label: {zh: 产品与阶段, en: Products and stages}
dataset: {entity: opportunity}
dimensions:
  product: {field: product}
  stage: {field: stage}
measures:
  n: {aggregate: count}
  accounts: {aggregate: count_distinct, field: customer}
  value: {aggregate: sum, field: amount}
pivot: {rows: [product], columns: [stage]}
"""


@pytest.fixture
def site_documents() -> str:
    return REPORTS


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    wanted = {"sqlite": "sqlite_url", "postgresql": "pg_url"}[request.param]
    return str(request.getfixturevalue(wanted))


@pytest.fixture(scope="module")
def seen() -> list[object]:
    """Answer the grids of the databases that were asked so far."""
    return []


@pytest.fixture
def imported(platform: Platform, import_file, shared_data: Path) -> Platform:
    archive = shared_data / "maven_crm" / "CRM_Sales_Opportunities.zip"
    for entity, mapping, sheet in FILES:
        import_file(entity, archive, mapping, sheet=sheet)
    return platform


def value(ran: Ran, measure: str, row: int, place: int = -1) -> object:
    """Answer a value of a row of the grid, the last column of the measure unless told."""
    found = [c for c in ran.grid.cells if c.part == "value" and c.measure == measure]
    return [c.value for c in sorted(found, key=lambda c: c.column) if c.row == row][place]


def counted(ctx: Context, grid: CellGrid, measure: str) -> list[tuple[object, int]]:
    """Answer each count of a measure beside the number of records that its drill lists."""
    return [
        (cell.value, ctx.count(cell.drill.entity, cell.drill.filter))
        for cell in grid.cells
        if cell.measure == measure and cell.drill is not None
    ]


@pytest.mark.timeout(200)
def test_the_known_figures_come_out_of_reports(imported: Platform, seen: list[object]) -> None:
    with imported.read() as opened:
        ctx = plugin_context(opened, "reports")
        agents = run(ctx, report_named(ctx, "x_agents"), {})
        products = run(ctx, report_named(ctx, "x_products"), {})
        won_and_lost = run(ctx, report_named(ctx, "win_loss"), {"period": ""})
        drills = [*counted(ctx, agents.grid, "won"), *counted(ctx, products.grid, "n")]
    last = agents.grid.height - 1
    whole = {name: value(agents, name, last) for name in ("n", "won", "lost", "value")}
    assert whole == {"n": 8800, "won": 4238, "lost": 2473, "value": Decimal(10_005_534)}
    texts = {
        (cell.row, cell.column): cell.text for cell in agents.grid.cells if cell.column in {1, 5}
    }
    rates = {texts[row, 1]: texts[row, 5] for row, column in texts if column == 1 and row}
    assert texts[last, 5] == "63.15%"
    assert rates["Hayden Neloms"] == "70.39%"
    first = won_and_lost.grid.heads
    assert [cell.text for cell in won_and_lost.grid.lines[first]] == [
        "Darcel Schlecht",
        "553",
        "349",
        "204",
        "63.11%",
        "1,153,214",
    ]
    end = products.grid.height - 1
    stages = [value(products, "n", end, place) for place in range(5)]
    assert stages == [500, 1589, 4238, 2473, 8800]
    assert value(products, "accounts", end) == 85
    assert len(drills) > 70
    assert [pair for pair in drills if pair[0] != pair[1]] == []
    seen.append([cells_of(one.grid) for one in (agents, products)])
    assert seen[-1] == seen[0]


def cells_of(grid: CellGrid) -> list[tuple[object, ...]]:
    """Answer what is the same on every database: places, texts and exact values."""
    return [(cell.row, cell.column, cell.text, cell.value) for cell in grid.cells]
