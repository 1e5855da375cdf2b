"""What is wrong within a report or dashboard: names that lead nowhere, each with its place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from loopline.sdk import Context, Document, Label, Publishing, Refuse
from loopline_reports.definition import Report, elements, read_report
from loopline_reports.kinds import DASHBOARD, REPORT
from loopline_reports.texts import texts

_TAKEN: Final = frozenset({"format", "filter"})
Found = tuple[str, Label]
"""A place in a document, and what is wrong there."""


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield what is wrong with the reports and dashboards that a release changes."""
    for document in event.resolved:
        for place, message in document_problems(ctx, document):
            told = texts("check.at", place=f"{document.kind}/{document.id} {place}", text=message)
            yield Refuse(None, told)


def document_problems(ctx: Context, document: Document) -> Iterator[Found]:
    """Yield what is wrong within a document of either kind."""
    if document.kind == REPORT:
        yield from report_problems(read_report(document))
    elif document.kind == DASHBOARD:
        yield from _of_dashboard(ctx, document.body)


def report_problems(report: Report) -> Iterator[Found]:
    """Yield the names in a report that lead nowhere."""
    dimensions, measures = set(report.query["dimensions"]), set(report.query["measures"])
    pivot = report.pivot
    yield from _known("pivot.rows", pivot.rows, dimensions)
    yield from _known("pivot.columns", pivot.columns, dimensions)
    yield from _known("pivot.values", pivot.values, measures)
    yield from _known("pivot.subtotals", pivot.subtotals, {*pivot.rows, *pivot.columns})
    for name in sorted(set(pivot.rows) & set(pivot.columns)):
        yield "pivot.columns", texts("check.twice", name=name)
    for name, (by, _) in pivot.sort.items():
        yield from _known("sort", [name], {*pivot.rows, *pivot.columns})
        yield from _known(f"sort.{name}.by", [by], measures)
    yield from _known("styles", (one.measure for one in report.styles), measures)
    top = report.query["top"]
    if top:
        yield from _known("pivot.top.dimension", [top["dimension"]], {*pivot.rows, *pivot.columns})
        yield from _known("pivot.top.by", [top["by"]], measures)
    if report.chart is not None:
        over = [name for name in (report.chart.x, report.chart.stack) if name]
        yield from _known("chart.x", over, {*pivot.rows, *pivot.columns})
        yield from _known("chart.y", report.chart.y, measures)
    for one in report.params:
        if one.id in _TAKEN:
            yield f"params.{one.id}", texts("check.taken", name=one.id)


def _of_dashboard(ctx: Context, body: Mapping[str, Any]) -> Iterator[Found]:
    offered = ctx.widgets.all()
    plugins = {name.partition(".")[0] for name in offered}
    for name, one in elements(body, "widgets").items():
        if ("report" in one) == ("widget" in one):
            yield f"widgets.{name}", texts("check.one_of")
        elif "widget" not in one or one["widget"] in offered:
            continue
        elif one["widget"].partition(".")[0] in plugins:  # one that is being enabled offers later
            yield f"widgets.{name}.widget", texts("check.no_widget", name=one["widget"])


def _known(place: str, names: Iterable[str], known: set[str]) -> Iterator[Found]:
    for name in names:
        if name not in known:
            yield place, texts("check.unknown", name=name, known=", ".join(sorted(known)))
