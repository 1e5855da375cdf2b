"""What the leads plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Iterable
from pathlib import Path

from loopline.sdk import (
    Action,
    Add,
    Context,
    DeclareContext,
    DocumentFolder,
    Job,
    Kind,
    Label,
    Page,
    Panel,
    Published,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    Refuse,
    ReportWidget,
    Scoping,
    Set,
    Showing,
    hookimpl,
)
from loopline_leads import (
    actions,
    follow_up,
    kinds,
    moves,
    pages,
    panel,
    publishing,
    recycling,
    visibility,
    warning,
    widgets,
)


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kinds assignment and pool_rule."""
    return kinds.kinds()


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer claim, release, assign, keep and pass_on."""
    return actions.actions()


@hookimpl
def register_jobs(ctx: DeclareContext) -> Iterable[Job]:
    """Answer the nightly recycling, and the warning of owners in the morning."""
    label = Label({"zh": "回收到线索池", "en": "Recycling into pools"})
    warns = Label({"zh": "回收前提醒负责人", "en": "Telling owners what goes back soon"})
    return [
        Job(kind=recycling.RECYCLE, run=recycling.recycle, label=label, every="daily 01:30"),
        Job(kind=warning.WARN, run=warning.warn, label=warns, every="daily 08:30"),
    ]


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the trial of assignment rules and what recycles soon."""
    return pages.pages()


@hookimpl
def register_report_widgets(ctx: DeclareContext) -> Iterable[ReportWidget]:
    """Answer the new leads by source, for dashboards."""
    return widgets.widgets()


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Decide about new leads and stand before every change of ownership, of customers too."""
    return moves.guard(ctx, event)


@hookimpl
def restrict_scope(ctx: DeclareContext, event: Scoping) -> Iterable[str]:
    """Show what lies in a pool to its members only."""
    return visibility.restrictions(event)


@hookimpl
def before_publish(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Refuse rules that name people, departments or pools that are not there."""
    return publishing.refusals(ctx, event)


@hookimpl
def after_change(ctx: Context, event: RecordsChanged) -> None:
    """Note follow-ups in the leads and customers that activities are about."""
    follow_up.follow(ctx, event)


@hookimpl
def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Say beside a lead or customer whose it is, why, and when it is recycled."""
    return panel.panels(ctx, event)


@hookimpl
def after_publish(ctx: Context, event: Published) -> None:
    """Tell owners at once what a changed pool rule takes soon, and not only in the morning."""
    if any(one.startswith("pool_rule/") for one in event.documents):
        ctx.enqueue(warning.WARN, {}, unique_key="rules")
