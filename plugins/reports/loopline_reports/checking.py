"""What is wrong within a report or dashboard: names that lead nowhere, each with its place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from loopline.sdk import Context, Document, Label, NotValid, Problem, Publishing, Refuse
from loopline_reports.asking import query_of
from loopline_reports.definition import Parameter, Report, elements, read_report
from loopline_reports.funnels import with_funnel
from loopline_reports.kinds import DASHBOARD, REPORT
from loopline_reports.texts import texts

_TAKEN: Final = frozenset({"format", "filter"})
_SAMPLES: Final[Mapping[str, object]] = {
    "date_range": "this_year",
    "date": "2020-01-01",
    "number": 1,
    "user": 1,
    "department": 1,
    "link": 1,
    "currency": None,
}
"""Values with which a question is checked, by type of parameter; other types take texts."""
Found = tuple[str, Label | Problem]
"""A place in a document, and what is wrong there."""


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield what is wrong with the reports and dashboards that a release changes or breaks."""
    for document in event.resolved:
        for place, message in _document_problems(ctx, event, document):
            yield _refusal(document, place, message)
    yield from _broken(ctx, event)


def _broken(ctx: Context, event: Publishing) -> Iterator[Refuse]:
    """Yield what reports that stay as they are ask for in vain of fields that the release moves."""
    moved = {name for document in event.resolved for name in _moved_fields(ctx, document)}
    if not moved:
        return
    named = re.compile(rf"\b({'|'.join(map(re.escape, sorted(moved)))})\b")
    for document in ctx.documents(REPORT):
        stays = f"{REPORT}/{document.id}" not in event.documents
        if stays and named.search(str(document.body)):
            for place, message in _document_problems(ctx, event, document):
                if named.search(str(message)):  # what was wrong before is not this release's
                    yield _refusal(document, place, message)


def _moved_fields(ctx: Context, document: Document) -> Iterator[str]:
    """Yield the fields of an entity that a release changes, retires or takes away."""
    if document.kind == "entity" and ctx.has("entity", document.id):
        new = document.body.get("fields", {})
        old = ctx.document("entity", document.id).body.get("fields", {})
        yield from (name for name in old if old[name] != new.get(name))


def _refusal(document: Document, place: str, message: Label | Problem) -> Refuse:
    return Refuse(None, message, place=f"{document.kind}/{document.id} {place}")


def _document_problems(ctx: Context, event: Publishing, document: Document) -> Iterator[Found]:
    """Yield what is wrong within a document of either kind."""
    if document.kind == REPORT:
        report = read_report(document)
        found = list(report_problems(report))
        yield from found or _query_problems(ctx, event, report)
    elif document.kind == DASHBOARD:
        yield from _of_dashboard(ctx, document.body)


def _query_problems(ctx: Context, event: Publishing, report: Report) -> Iterator[Found]:
    """Yield what a report asks for that the release will not have."""
    try:
        whole = with_funnel(ctx, report)
    except NotValid:
        return  # its pipeline comes with this very release, whose stages cannot be seen yet
    values = {one.id: _sample(one) for one in report.params}
    for problem in event.query_problems(query_of(whole, values)):
        yield problem.path, problem


def _sample(one: Parameter) -> object:
    """Answer a value that a parameter may have."""
    if one.options:
        return next(iter(one.options))
    return _SAMPLES.get(one.type, "")


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
