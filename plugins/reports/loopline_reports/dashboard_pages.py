"""The pages of dashboards."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

from loopline.sdk import (
    Context,
    Document,
    Label,
    LooplineError,
    NotFound,
    PageAnswer,
    PageRequest,
    Template,
)
from loopline_reports.cells import Cell
from loopline_reports.definition import Parameter, elements, label_of, parameters
from loopline_reports.drawing import Lists, drawn, lists_of
from loopline_reports.emptiness import Nothing, first_steps
from loopline_reports.formats import figure_text
from loopline_reports.kinds import DASHBOARD, REPORT
from loopline_reports.params import inputs_of
from loopline_reports.running import Ran, report_named, run
from loopline_reports.texts import texts
from loopline_reports.widgets import widget_cells
from loopline_reports.wording import words

_USUAL_SPAN: Final = 6
_FIGURES: Final = "figures"


def dashboard_list(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the dashboards."""
    found = sorted(ctx.documents(DASHBOARD), key=lambda one: one.body.get("pos", 0))
    items = [
        {
            "label": ctx.say(label_of(one.body.get("label"), one.id)),
            "help": ctx.say(label_of(one.body.get("help"))),
            "href": f"/dashboards/{one.id}",
        }
        for one in found
    ]
    area = {"line": "reports", "label": ctx.say(texts("page.dashboards")), "reports": items}
    shown = {"areas": [area] if items else [], "empty": ctx.say(texts("page.no_dashboards"))}
    return Template("list.html", shown, texts("page.dashboards"))


def show_dashboard(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer a dashboard; a part that fails says so in its place. Raises NotFound."""
    document = ctx.document(DASHBOARD, request.path["name"])
    params, given = parameters(document.body), dict(request.query)
    lists = lists_of(ctx)
    parts = [_part(ctx, one, params, given, lists) for one in _standing(ctx, document)]
    at = ctx.now.astimezone(ZoneInfo(ctx.site_zone))
    shown = {
        "action": f"/dashboards/{document.id}",
        "inputs": inputs_of(ctx, params, given),
        "files": [],
        "problems": [],
        "words": words(ctx),
        "refresh": document.body.get("refresh", 0),
        "figures": [one for one in parts if one["show"] == _FIGURES],
        "cards": [one for one in parts if one["show"] != _FIGURES],
        "steps": _steps(ctx, parts),
        "as_of": ctx.say(texts("notes.as_of", at=f"{at:%Y-%m-%d %H:%M}")),
    }
    return Template("dashboard.html", shown, label_of(document.body.get("label"), document.id))


def _steps(ctx: Context, parts: list[dict[str, object]]) -> list[Mapping[str, str]]:
    """Answer what to record first, where no part of a dashboard has a number; else nothing."""
    shown = [one["shown"] for one in parts if isinstance(one["shown"], Mapping)]
    if not all(one["empty"] for one in shown):
        return []
    nothings = [one["nothing"] for one in shown if isinstance(one["nothing"], Nothing)]
    return first_steps(ctx, [one.entity for one in nothings if one.whole])


def _standing(ctx: Context, document: Document) -> Iterator[dict[str, Any]]:
    """Yield the parts of a dashboard but for those of plugins that offer none, as when disabled."""
    plugins = {name.partition(".")[0] for name in ctx.widgets.all()}
    for one in elements(document.body, "widgets").values():
        if "widget" not in one or one["widget"].partition(".")[0] in plugins:
            yield one


def _part(
    ctx: Context,
    raw: Mapping[str, Any],
    params: tuple[Parameter, ...],
    given: Mapping[str, str],
    lists: Lists,
) -> dict[str, object]:
    """Answer what the template draws of one part."""
    common: dict[str, object] = {
        "label": ctx.say(_name(ctx, raw)),
        "line": raw.get("line", "reports"),
        "span": raw.get("span", _USUAL_SPAN),
        "show": raw.get("show", "both" if "report" in raw else "table"),
        "problems": (),
        "template": "",
        "href": "",
        "shown": None,
        "locked": False,
    }
    try:
        made = (
            _of_report(ctx, raw, params, given, lists)
            if "report" in raw
            else _of_widget(ctx, raw, lists)
        )
    except NotFound as error:
        locked = _locked(ctx, raw)
        return {**common, "locked": locked, "problems": () if locked else ctx.tell(error)}
    except LooplineError as error:
        return {**common, "problems": ctx.tell(error)}
    return {**common, **made}


def _name(ctx: Context, raw: Mapping[str, Any]) -> Label:
    """Answer what a part is called: as the dashboard says, else its report or widget."""
    own, name = label_of(raw.get("label")), raw.get("report") or raw.get("widget", "")
    if own:
        return own
    if "widget" in raw:
        offered = ctx.widgets.all().get(name)
        return offered.label if offered else label_of("", name)
    known = ctx.has(REPORT, name)
    return label_of(ctx.document(REPORT, name).body.get("label") if known else "", name)


def _locked(ctx: Context, raw: Mapping[str, Any]) -> bool:
    """Whether a part is there, so that only its records are kept from whoever looks."""
    if "widget" in raw:
        return raw["widget"] in ctx.widgets.all()
    return ctx.has(REPORT, raw["report"])


def _of_report(
    ctx: Context,
    raw: Mapping[str, Any],
    params: tuple[Parameter, ...],
    given: Mapping[str, str],
    lists: Lists,
) -> dict[str, object]:
    report = report_named(ctx, raw["report"])
    own: dict[str, Any] = dict(raw.get("params", {}))
    shared = {one.id: one for one in params}
    report = replace(
        report,
        params=tuple(
            replace(one, default=shared[one.id].default) if one.id in shared else one
            for one in report.params
        ),
    )
    asked = {name: text for name, text in given.items() if name.partition(".")[0] in shared}
    ran = run(ctx, report, {**asked, **own})
    label = label_of(raw.get("label"), "") or report.label
    made: dict[str, object] = {
        "label": ctx.say(label),
        "line": raw.get("line", report.line),
        "href": f"/reports/{report.id}",
        "shown": drawn(ran.grid, ran.chart, lists, report.entity, report.view),
    }
    return made | _figures(ctx, ran, lists)


def _figures(ctx: Context, ran: Ran, lists: Lists) -> dict[str, object]:
    """Answer the total of the first measure, and what else there is beside it."""
    values = _whole(ran)
    if not values:
        return {"figure": {"text": "–", "href": ""}, "further": ()}
    first, heads = (
        values[0],
        {one.measure: one.text for one in ran.grid.cells if one.part == "head"},
    )
    href = "" if first.drill is None else lists.href(first.drill, ran.report.view)
    further = [(heads.get(one.measure, ""), one.text) for one in values[1:]]
    text = figure_text(first.value, first.format, ctx.language, ctx.currency)
    return {"figure": {"text": text, "href": href}, "further": further}


def _whole(ran: Ran) -> list[Cell]:
    """Answer the values of the last row, its total or its only one."""
    last = ran.grid.height - 1
    found = [one for one in ran.grid.cells if one.part == "value" and one.row == last]
    return found[-len(ran.report.pivot.values) :] if found else []


def _of_widget(ctx: Context, raw: Mapping[str, Any], lists: Lists) -> dict[str, object]:
    name = raw["widget"]
    settings = raw.get("settings", {})
    grid = ctx.widgets.ask(name, settings)
    offered = ctx.widgets.all()[name]
    label: Label = label_of(raw.get("label"), "") or offered.label
    made: dict[str, object] = {"label": ctx.say(label)}
    if offered.template:
        plugin = name.partition(".")[0]
        widget = {"label": ctx.say(label), "settings": settings, "grid": grid}
        return {**made, "template": f"{plugin}/{offered.template}", "widget": widget}
    cells = widget_cells(ctx, name, label, grid)
    return {**made, "shown": drawn(cells, None, lists)}
