"""From a report and the values of its parameters to the semantic query that answers it."""

from collections.abc import Iterator, Mapping
from typing import Any

from loopline_reports.definition import Report

Names = tuple[str, ...]


def query_of(report: Report, values: Mapping[str, object]) -> dict[str, object]:
    """Answer the semantic query of a report: one level of groups, and every total it shows."""
    asked, pivot = report.query, report.pivot
    used = (*pivot.rows, *pivot.columns)
    query: dict[str, object] = {
        "dataset": {key: one for key, one in asked["dataset"].items() if one},
        "params": {name: one if one is not None else None for name, one in values.items()},
        "dimensions": {
            name: {**asked["dimensions"][name], "pos": place} for place, name in enumerate(used)
        },
        "measures": {
            name: {**one, "pos": place}
            for place, (name, one) in enumerate(asked["measures"].items())
        },
        "where": asked["where"],
        "columns": list(pivot.columns),
        "totals": [list(one) for one in dict.fromkeys(_levels(report)) if one != used],
    }
    if asked["having"]:
        query["having"] = asked["having"]
    if asked["top"] and asked["top"]["dimension"] in used:
        query["top"] = _top(asked["top"])
    return query


def row_levels(report: Report) -> tuple[int, ...]:
    """Answer of how many row dimensions there are totals, all of them among these."""
    pivot = report.pivot
    inner = (at for at in range(1, len(pivot.rows)) if pivot.rows[at - 1] in pivot.subtotals)
    return (*((0,) if pivot.grand_row or not pivot.rows else ()), *inner, len(pivot.rows))


def column_levels(report: Report) -> tuple[int, ...]:
    """Answer of how many column dimensions there are totals, all of them among these."""
    pivot = report.pivot
    inner = (at for at in range(1, len(pivot.columns)) if pivot.columns[at - 1] in pivot.subtotals)
    return (*((0,) if pivot.grand_column or not pivot.columns else ()), *inner, len(pivot.columns))


def _levels(report: Report) -> Iterator[Names]:
    """Yield the sets of dimensions that are shown, that axes follow, and that charts draw."""
    pivot, used = report.pivot, (*report.pivot.rows, *report.pivot.columns)
    for down in dict.fromkeys((*row_levels(report), len(pivot.rows))):
        for across in dict.fromkeys((*column_levels(report), len(pivot.columns))):
            yield (*pivot.rows[:down], *pivot.columns[:across])
    yield pivot.rows
    yield pivot.columns
    yield from (pivot.rows[: at + 1] for at, name in enumerate(pivot.rows) if name in pivot.sort)
    for at, name in enumerate(pivot.columns):
        if name in pivot.sort:
            yield pivot.columns[: at + 1]
    yield ()
    if report.chart is not None:
        drawn = {report.chart.x, report.chart.stack}
        yield tuple(name for name in used if name in drawn)
        yield from ((name,) for name in used if name in drawn)


def _top(raw: Mapping[str, Any]) -> dict[str, object]:
    chosen = {key: value for key, value in raw.items() if key != "dimension"}
    return {raw["dimension"]: chosen}
