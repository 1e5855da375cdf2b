"""A report that was run, as files and as JSON."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from loopline.sdk import BadRequest, Context, File, Problem
from loopline_reports.cells import Cell
from loopline_reports.flat import flat
from loopline_reports.pdf import pdf
from loopline_reports.running import Ran
from loopline_reports.texts import texts
from loopline_reports.xlsx import xlsx

FORMATS: Final = ("xlsx", "pdf", "csv")
_TYPES: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "csv": "text/csv; charset=utf-8",
}
_UNFIT: Final = re.compile(r'[\\/:*?"<>|\s]+')


def file_of(ctx: Context, ran: Ran, kind: str) -> File:
    """Answer a report as a file. Raises BadRequest for a format that there is not."""
    match kind:
        case "xlsx":
            content = xlsx(ran.grid)
        case "pdf":
            content = pdf(ctx, ran.grid)
        case "csv":
            content = flat(ran.grid)
        case _:
            message = texts("format.unknown", known=", ".join(("json", *FORMATS)))
            params = {"plugin": "reports", "message": message}
            raise BadRequest(Problem("format", "plugin.refused", params))
    name = _UNFIT.sub("-", ran.grid.title).strip("-")
    return File(content=content, name=f"{name}.{kind}", media_type=_TYPES[kind])


def shape_of(ran: Ran) -> dict[str, object]:
    """Answer a report as JSON: its cells with exact values, texts, spans and filters."""
    grid = ran.grid
    return {
        "id": ran.report.id,
        "label": grid.title,
        "subject": grid.subject,
        "params": {name: _plain(value) for name, value in ran.values.items()},
        "heads": grid.heads,
        "stubs": grid.stubs,
        "height": grid.height,
        "width": grid.width,
        "cells": [_cell(one) for one in grid.cells],
        "chart": None if ran.chart is None else ran.chart.plain(),
        "notes": list(grid.notes),
    }


def _cell(cell: Cell) -> dict[str, object]:
    shape: dict[str, object] = {
        "row": cell.row,
        "column": cell.column,
        "part": cell.part,
        "text": cell.text,
    }
    if cell.part == "value":
        shape |= {"measure": cell.measure, "value": _plain(cell.value), "key": cell.key}
    if cell.rows > 1 or cell.columns > 1:
        shape |= {"rows": cell.rows, "columns": cell.columns}
    if cell.drill is not None:
        shape["drill"] = {"entity": cell.drill.entity, "filter": cell.drill.filter}
    further = {"total": cell.total, "style": cell.style}
    return shape | {name: value for name, value in further.items() if value}


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime() | date():
            return value.isoformat()
        case Mapping():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return value
