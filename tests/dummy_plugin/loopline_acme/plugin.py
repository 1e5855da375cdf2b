"""What acme contributes: a field, an action, an approval step, a page and a widget."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from loopline.sdk import (
    Action,
    ApprovalStep,
    Approved,
    Context,
    DeclareContext,
    DocumentFolder,
    Label,
    Page,
    PageRequest,
    Record,
    Rejected,
    ReportWidget,
    Result,
    Template,
    hookimpl,
)

SIZE = "acme__shoe_size"


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


def fit(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Write the size that was measured."""
    for one in records:
        ctx.update(one.entity, one.id, {SIZE: settings["size"]})
    return Result(Label({"zh": "量好了", "en": "Fitted"}))


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Offer to fit a shoe."""
    size = {"type": "integer", "x-label": {"zh": "鞋码", "en": "Size"}}
    yield Action(
        id="acme_fit",
        label=Label({"zh": "量鞋", "en": "Fit"}),
        entity="lead",
        run=fit,
        settings={"type": "object", "properties": {"size": size}, "required": ["size"]},
    )


def check(ctx: Context, approval: object, record: Record) -> Approved | Rejected:
    """Let feet up to fifty pass."""
    if int(str(record.value(SIZE))) <= 50:
        return Approved()
    return Rejected(Label({"zh": "没有这么大的鞋", "en": "No shoe is that large"}))


@hookimpl
def register_approval_steps(ctx: DeclareContext) -> Iterable[ApprovalStep]:
    """Decide about large feet."""
    yield ApprovalStep(id="acme.check", label=Label({"zh": "鞋码", "en": "Feet"}), decide=check)


def feet(ctx: Context, request: PageRequest) -> Template:
    """Count the leads."""
    return Template("feet.html", {"leads": ctx.count("lead")})


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Show how many feet there are to those who may fit them."""
    menu = Label({"zh": "脚", "en": "Feet"})
    yield Page(path="/acme/feet", handler=feet, permission="lead:acme_fit", menu=menu)


def sizes(ctx: Context, settings: Mapping[str, Any]) -> Mapping[str, object]:
    """Ask how many feet there are of each size."""
    return {
        "dataset": {"entity": "lead"},
        "dimensions": {"size": {"field": SIZE}},
        "measures": {"n": {"aggregate": "count"}},
        "where": f"{SIZE} >= {settings['from']}",
    }


@hookimpl
def register_report_widgets(ctx: DeclareContext) -> Iterable[ReportWidget]:
    """Show the sizes on dashboards."""
    least = {"type": "object", "properties": {"from": {"type": "integer"}}, "required": ["from"]}
    label = Label({"zh": "鞋码分布", "en": "Sizes"})
    yield ReportWidget(id="sizes", label=label, query=sizes, settings=least)
