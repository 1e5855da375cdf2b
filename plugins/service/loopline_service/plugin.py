"""What the service plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Iterable
from pathlib import Path

from loopline.sdk import (
    Action,
    Add,
    Context,
    DeclareContext,
    DocumentFolder,
    JobFailed,
    Kind,
    MailArrived,
    Page,
    Panel,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    Refuse,
    Set,
    Showing,
    Taken,
    hookimpl,
)
from loopline_service import (
    actions,
    arrivals,
    compensation,
    conversation,
    desk,
    failures,
    kinds,
    mail_in,
    observers,
    panel,
    promises,
    publishing,
    satisfaction_page,
    ticket_page,
    visits,
)
from loopline_service.found import TICKET


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kinds sla_policy, ticket_rule and visit_rule."""
    return kinds.kinds()


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer what is done with tickets and visits."""
    with_leads = "leads" in ctx.plugins
    return [
        *actions.actions(),
        *compensation.actions(),
        *visits.actions(with_leads=with_leads),
    ]


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the desk, and the pages on which customers follow a ticket and say how it was."""
    return [*desk.pages(), *ticket_page.pages(), *satisfaction_page.pages()]


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Say what new tickets are and whose, compute what is promised, keep messages as they are."""
    yield from conversation.guard(ctx, event)
    if event.entity == TICKET and event.action in {"create", "update"}:
        arriving = list(arrivals.guard(ctx, event))
        yield from arriving
        yield from promises.guard(ctx, arrivals.arrived(event, arriving))
        yield from compensation.guard(ctx, event)


@hookimpl
def before_publish(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Refuse rules that name options, people, departments or categories that are not there."""
    return publishing.refusals(ctx, event)


@hookimpl
def after_change(ctx: Context, event: RecordsChanged) -> None:
    """Tell customers of their tickets and plan visits."""
    observers.follow(ctx, event)


@hookimpl
def on_mail(ctx: Context, event: MailArrived) -> Iterable[Taken]:
    """Take in mails that go on with a ticket."""
    return mail_in.take(ctx, event)


@hookimpl
def on_job_error(ctx: Context, event: JobFailed) -> None:
    """Tell the service of work that was given up."""
    failures.tell(ctx, event)


@hookimpl
def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Say beside a ticket what is promised and how that was counted."""
    return panel.panels(ctx, event)
