"""What the loyalty plugin contributes: each hook leads to the module that knows the concept."""

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
    Lifecycle,
    Page,
    Panel,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    Refuse,
    Set,
    Showing,
    hookimpl,
)
from loopline_loyalty import (
    adjusting,
    care,
    earning,
    enrolment,
    entries,
    expiry,
    kinds,
    publishing,
    redeeming,
    shelf,
    survey_pages,
    survey_results,
    surveys,
    tiers,
    unsubscribe_page,
)
from loopline_loyalty.texts import texts


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kinds points_rule, tier, survey and care_plan."""
    return kinds.kinds()


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer enrol, redeem, adjust, take_back and ask."""
    return [
        *enrolment.actions(),
        *redeeming.actions(),
        *adjusting.actions(),
        *surveys.actions(),
    ]


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the shelf of rewards, and the pages of surveys and of unsubscribing."""
    return [
        *shelf.pages(),
        *survey_pages.pages(),
        *survey_results.pages(),
        *unsubscribe_page.pages(),
    ]


@hookimpl
def register_jobs(ctx: DeclareContext) -> Iterable[Job]:
    """Answer the nightly expiry and tiers, the hourly care, and the catching up."""
    return [
        Job(
            kind=expiry.EXPIRE,
            run=expiry.expire,
            label=texts("job.expire"),
            every="daily 00:20",
        ),
        Job(kind=tiers.RENEW, run=tiers.nightly, label=texts("job.tiers"), every="daily 00:40"),
        Job(kind=care.CARE, run=care.care, label=texts("job.care"), every="1h"),
        Job(kind=earning.CATCH_UP, run=earning.catch_up, label=texts("job.catch_up")),
    ]


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Book redemptions along with themselves; keep points from being written by hand."""
    match event.entity:
        case redeeming.REDEMPTION:
            return redeeming.guard(ctx, event)
        case entries.ENTRY:
            return entries.guard(event)
        case entries.MEMBER:
            return enrolment.guard(ctx, event)
    return ()


@hookimpl
def after_change(ctx: Context, event: RecordsChanged) -> None:
    """Book what payments earn and what refunds take back; ask what surveys wait for."""
    earning.observe(ctx, event)
    surveys.observe(ctx, event)


@hookimpl
def before_publish(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Refuse rules, surveys and plans that name what is not there."""
    return publishing.refusals(ctx, event)


@hookimpl
def on_lifecycle(ctx: Context, event: Lifecycle) -> None:
    """Give the payments there are their points, where the plugin comes or comes back."""
    if event.action in {"install", "enable"}:
        ctx.enqueue(earning.CATCH_UP, {}, unique_key="catch_up")


@hookimpl
def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Say beside a member what they can have for their points."""
    return shelf.panels(ctx, event)
