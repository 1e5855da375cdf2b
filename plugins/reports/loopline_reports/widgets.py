"""The answers of other plugins' widgets, laid out as tables."""

from loopline.sdk import Context, Label, ResultGrid
from loopline_reports.cells import CellGrid
from loopline_reports.definition import MOST_CELLS, Pivot, Report
from loopline_reports.levels import answers_of
from loopline_reports.pivot import laid_out


def widget_cells(ctx: Context, name: str, label: Label, grid: ResultGrid) -> CellGrid:
    """Answer a table with a row for each row of an answer, and its total if it has one."""
    rows = tuple(one.id for one in grid.columns if one.role == "dimension")
    values = tuple(one.id for one in grid.columns if one.role == "measure")
    whole = any(not row.key for row in (*grid.rows, *grid.totals))
    report = Report(
        id=name,
        label=label,
        help=Label({}),
        line="",
        entity=grid.entity,
        hidden=True,
        query={},
        params=(),
        pivot=Pivot(
            rows=rows,
            columns=(),
            values=values,
            grand_row=whole,
            grand_column=False,
            sort={},
        ),
        styles=(),
        chart=None,
        most_groups=None,
        most_cells=MOST_CELLS,
        view="",
    )
    return laid_out(answers_of(report, grid), ctx.language, ctx.currency)
