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
    Publishing,
    RecordsChanged,
    RecordsChanging,
    Refuse,
    Set,
    hookimpl,
)
from loopline_loyalty import (
    adjusting,
    earning,
    enrolment,
    entries,
    expiry,
    kinds,
    publishing,
    redeeming,
    tiers,
)
from loopline_loyalty.texts import texts


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kinds points_rule and tier."""
    return kinds.kinds()


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer enrol, redeem, adjust and take_back."""
    return [*enrolment.actions(), *redeeming.actions(), *adjusting.actions()]


@hookimpl
def register_jobs(ctx: DeclareContext) -> Iterable[Job]:
    """Answer the nightly expiry and tiers, and the catching up."""
    return [
        Job(
            kind=expiry.EXPIRE,
            run=expiry.expire,
            label=texts("job.expire"),
            every="daily 00:20",
        ),
        Job(kind=tiers.RENEW, run=tiers.nightly, label=texts("job.tiers"), every="daily 00:40"),
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
    """Book what payments earn and what refunds take back."""
    earning.observe(ctx, event)


@hookimpl
def before_publish(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Refuse rules that name tiers that are not there."""
    return publishing.refusals(ctx, event)


@hookimpl
def on_lifecycle(ctx: Context, event: Lifecycle) -> None:
    """Give the payments there are their points, where the plugin comes or comes back."""
    if event.action in {"install", "enable"}:
        ctx.enqueue(earning.CATCH_UP, {}, unique_key="catch_up")
