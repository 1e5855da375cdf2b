"""Cells as a print: the same table on landscape pages, its heads on each of them."""

from loopline.sdk import Context
from loopline_reports.cells import Cell, CellGrid


def pdf(ctx: Context, grid: CellGrid) -> bytes:
    """Answer the pages of a report. Raises NotValid with what the compiler says."""
    return ctx.files.pdf(
        "report.typ",
        {
            "title": grid.title,
            "subject": grid.subject,
            "zh": ctx.language == "zh",
            "width": grid.width,
            "stubs": grid.stubs,
            "heads": [_plain(one) for line in grid.lines[: grid.heads] for one in line],
            "body": [_plain(one) for line in grid.lines[grid.heads :] for one in line],
            "notes": grid.notes,
        },
    )


def _plain(cell: Cell) -> dict[str, object]:
    return {
        "text": cell.text,
        "x": cell.column,
        "y": cell.row,
        "rows": cell.rows,
        "columns": cell.columns,
        "part": cell.part,
        "total": cell.total,
        "style": cell.style,
    }
