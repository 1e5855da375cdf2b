"""Running a report for whoever looks: its values, its query, its cells and its chart."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from loopline.sdk import Context, NotFound
from loopline_reports.asking import query_of
from loopline_reports.axes import row_axis
from loopline_reports.cells import CellGrid
from loopline_reports.charts import ChartData, chart_of
from loopline_reports.definition import Report, read_report
from loopline_reports.funnels import with_funnel
from loopline_reports.kinds import REPORT
from loopline_reports.levels import answers_of
from loopline_reports.notes import notes_of
from loopline_reports.params import values_of
from loopline_reports.pivot import laid_out


@dataclass(frozen=True, kw_only=True, slots=True)
class Ran:
    """A report that was run: with which values, its cells, and its chart if it has one."""

    report: Report
    values: Mapping[str, object]
    grid: CellGrid
    chart: ChartData | None


def report_named(ctx: Context, name: str) -> Report:
    """Answer a report of the release. Raises NotFound, NotValid for a funnel of no pipeline."""
    return with_funnel(ctx, read_report(ctx.document(REPORT, name)))


def run(ctx: Context, report: Report, given: Mapping[str, Any]) -> Ran:
    """Run a report with the rights of whoever acts.

    Raises NotFound where they may not read its records, NotValid naming what is wrong: values of
    parameters, fields that do not exist for them, too many groups.
    """
    values = values_of(ctx, report.params, given)
    grid = ctx.query(query_of(report, values))
    answers = answers_of(report, grid)
    cells = laid_out(answers, ctx.language, ctx.currency)
    left_out = row_axis(answers).left_out
    return Ran(
        report=report,
        values=values,
        grid=replace(cells, notes=tuple(notes_of(ctx, grid, left_out))),
        chart=chart_of(answers, ctx.language),
    )


def may_read(ctx: Context, entity: str) -> bool:
    """Whether whoever acts may read records of an entity."""
    try:
        ctx.find(entity, limit=1)
    except NotFound:
        return False
    return True


def reports_of(ctx: Context) -> list[Report]:
    """Answer the reports about what whoever acts may read, as they stand in the list."""
    bodies = sorted(ctx.documents(REPORT), key=lambda one: one.body.get("pos", 0))
    found = [read_report(one) for one in bodies]
    seen = {entity: may_read(ctx, entity) for entity in {e for one in found for e in one.entities}}
    return [one for one in found if all(seen[entity] for entity in one.entities)]
