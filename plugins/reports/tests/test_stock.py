"""The stock reports: each answers, and every cell that counts leads to as many records."""

import pytest

from loopline.sdk import Context, NotValid
from loopline.services.plugin_context import plugin_context
from loopline.testing import publish_documents
from loopline_reports.kinds import REPORT
from loopline_reports.running import report_named, run

BAD = """
kind: report
id: x_bad
format: 1
label: {zh: 坏, en: Bad}
dataset: {entity: lead}
measures: {n: {aggregate: count}}
pivot: {rows: [colour]}
"""
LEADS = (("expo", "converted"), ("expo", "new"), ("web", "invalid"))


@pytest.fixture
def records(make_record, deals, people) -> None:
    for source, status in LEADS:
        make_record("lead", name="Lead", source=source, status=status, owner=people[0].id)
    for kind in ("complaint", "question"):
        make_record("ticket", subject="Help", kind=kind)


def names(ctx: Context) -> list[str]:
    return [one.id for one in ctx.documents(REPORT)]


@pytest.mark.timeout(120)
def test_every_stock_report_answers_and_its_drills_add_up(platform, records) -> None:
    with platform.read() as opened:
        ctx = plugin_context(opened, "reports")
        ran = [run(ctx, report_named(ctx, name), {}) for name in names(ctx)]
        counted = [
            (one.report.id, cell)
            for one in ran
            for cell in one.grid.cells
            if cell.drill is not None and plain_count(one, cell.measure)
        ]
        wrong = [
            (name, cell.measure, cell.value, cell.drill.filter)
            for name, cell in counted
            if ctx.count(cell.drill.entity, cell.drill.filter) != cell.value
        ]
    assert len(ran) >= 25
    assert len(counted) > 60
    assert wrong == []


def plain_count(ran, measure: str) -> bool:
    asked = ran.report.query["measures"].get(measure, {})
    return asked.get("aggregate") == "count" and "fact" not in asked


def test_the_funnel_counts_what_came_as_far_wherever_it_is_now(api, deals) -> None:
    shown = api("/reports/sales_funnel", period="last_90_days").json()
    values = {one["measure"]: one["value"] for one in shown["cells"] if one["part"] == "value"}
    assert (values["talk"], values["won"]) == (5, 3)


def test_definitions_that_name_what_is_not_there_are_not_published(platform) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, BAD)
    assert "report/x_bad pivot.rows" in str(refused.value.problems[0].params["message"])
