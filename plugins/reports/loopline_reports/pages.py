"""The pages of reports, and the same for programs."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from loopline.sdk import (
    BadRequest,
    Context,
    Json,
    LooplineError,
    NotFound,
    Page,
    PageAnswer,
    PageRequest,
    PluginFailed,
    Problem,
    Template,
)
from loopline_reports.answering import FORMATS, file_of, shape_of
from loopline_reports.dashboard_pages import dashboard_list, show_dashboard
from loopline_reports.drawing import drawn, lists_of
from loopline_reports.given import report_given
from loopline_reports.params import inputs_of
from loopline_reports.running import Ran, report_named, reports_of, run
from loopline_reports.texts import texts
from loopline_reports.wording import words

_LINES: Final = ("pipeline", "leads", "contracts", "service", "loyalty", "reports")


def pages() -> Iterable[Page]:
    """Yield the pages and operations."""
    yield Page(
        path="/dashboards", handler=dashboard_list, menu=texts("page.dashboards"), icon="i-chart"
    )
    yield Page(path="/dashboards/{name}", handler=show_dashboard)
    yield Page(path="/reports", handler=report_list, menu=texts("page.reports"), icon="i-chart")
    yield Page(path="/reports/{name}", handler=show_report)
    yield Page(path="/api/v1/reports", handler=api_list)
    yield Page(path="/api/v1/reports/run", handler=api_run, methods=("POST",))
    yield Page(path="/api/v1/reports/{name}", handler=api_report)


def report_list(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the reports that the viewer may read, by area."""
    found = [one for one in reports_of(ctx) if not one.hidden]
    areas = [
        {
            "line": line,
            "label": ctx.say(texts(f"line.{line}")),
            "reports": [
                {
                    "label": ctx.say(one.label),
                    "help": ctx.say(one.help),
                    "href": f"/reports/{one.id}",
                }
                for one in found
                if one.line == line
            ],
        }
        for line in _LINES
    ]
    shown = {
        "areas": [one for one in areas if one["reports"]],
        "empty": ctx.say(texts("page.none")),
    }
    return Template("list.html", shown, texts("page.reports"))


def show_report(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer a report as a page or, with ``format``, as a file. Raises NotFound, BadRequest."""
    report = report_named(ctx, request.path["name"])
    kind, given = request.query.get("format", ""), _without_format(request.query)
    problems: tuple[str, ...] = ()
    ran: Ran | None = None
    try:
        ran = run(ctx, report, given)
    except (NotFound, PluginFailed) as error:
        raise error from None
    except LooplineError as error:
        if kind:
            raise
        problems = ctx.tell(error)
    if ran is not None and kind:
        return file_of(ctx, ran, kind)
    action = f"/reports/{report.id}"
    shown = {
        "line": report.line,
        "help": ctx.say(report.help),
        "action": action,
        "inputs": inputs_of(ctx, report.params, given),
        "files": [(one.upper(), _href(action, given, one)) for one in FORMATS] if ran else [],
        "problems": problems,
        "words": words(ctx),
        "shown": None
        if ran is None
        else drawn(ran.grid, ran.chart, lists_of(ctx), report.entity, report.view),
    }
    return Template("report.html", shown, report.label)


def api_list(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the reports that the viewer may read, with their parameters."""
    items = [
        {
            "id": one.id,
            "label": ctx.say(one.label),
            "entity": one.entity,
            "params": {
                param.id: {"type": param.type, "label": ctx.say(param.label)}
                for param in one.params
            },
        }
        for one in reports_of(ctx)
    ]
    return Json({"items": items})


def api_report(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer a report as JSON or as a file. Raises NotFound, NotValid, BadRequest."""
    report = report_named(ctx, request.path["name"])
    return _answered(ctx, run(ctx, report, _without_format(request.query)), request.query)


def api_run(ctx: Context, request: PageRequest) -> PageAnswer:
    """Run a report by name or one that the body holds. Raises BadRequest, NotFound, NotValid."""
    body = request.json
    if not isinstance(body, Mapping):
        raise BadRequest(Problem("body", "request.object"))
    params = body.get("params", {})
    if not isinstance(params, Mapping):
        raise BadRequest(Problem("params", "request.object"))
    return _answered(ctx, run(ctx, report_given(ctx, body), params), request.query)


def _answered(ctx: Context, ran: Ran, query: Mapping[str, str]) -> PageAnswer:
    kind = query.get("format", "json")
    return Json(shape_of(ran)) if kind == "json" else file_of(ctx, ran, kind)


def _without_format(query: Mapping[str, str]) -> dict[str, Any]:
    return {name: text for name, text in query.items() if name != "format"}


def _href(action: str, given: Mapping[str, Any], kind: str) -> str:
    return f"{action}?{urlencode({**given, 'format': kind})}"
