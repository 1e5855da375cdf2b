"""The hooks, grouped by the moment of their life at which they are called.

Every one takes a context; those about something that happens take one event besides. ``ctx`` is
the plugin's own :class:`loopline.sdk.Context`, but for the declaring ones and ``restrict_scope``,
which may depend on no record: they get a :class:`loopline.sdk.DeclareContext`.
"""

from collections.abc import Iterable
from typing import Any, Final

import pluggy

from loopline.hooks.declarations import (
    Action,
    ApprovalStep,
    Document,
    Job,
    Kind,
    Page,
    Panel,
    ReportWidget,
)
from loopline.hooks.declare import DeclareContext, DocumentFolder
from loopline.hooks.events import (
    Add,
    JobFailed,
    Lifecycle,
    MailArrived,
    Published,
    Publishing,
    RecordsChanged,
    RecordsChanging,
    RecordsMoving,
    Refuse,
    Scoping,
    Set,
    Showing,
    Taken,
)

PROJECT: Final = "loopline"
hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)
_NEVER: Final = "a specification is never called"


class DeclareSpecs:
    """Pure declarations, asked once a process. Failure quarantines the plugin."""

    @hookspec
    def register_documents(self, ctx: DeclareContext) -> Iterable[DocumentFolder | Document]:
        """Answer the folders that hold the plugin's documents, or documents themselves.

        When: a site is created, upgraded, or its plugins change; outside any transaction.
        Result: the documents become the plugin's layer of the next release.
        If it raises: the plugin is listed as failed and the last release keeps serving.

        versionadded: 0.1
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_kinds(self, ctx: DeclareContext) -> Iterable[Kind]:
        """Answer the kinds of documents that the plugin adds, each with its JSON Schema.

        When: the process starts, before any document is read.
        Result: documents of these kinds are checked, layered, released and explained as others.
        If it raises: the plugin is listed as failed; its documents of these kinds are refused.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_actions(self, ctx: DeclareContext) -> Iterable[Action]:
        """Answer what can be done to records besides writing them.

        When: the process starts.
        Result: buttons on the record page, ``POST …/actions/{action}``, bulk acts and flows.
        If it raises: the plugin is listed as failed and none of its hooks is called.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_approval_steps(self, ctx: DeclareContext) -> Iterable[ApprovalStep]:
        """Answer kinds of approval steps, which approval documents name as ``kind``.

        When: the process starts.
        Result: ``{kind: acme.clause_check}`` in an approval asks the plugin who decides.
        If it raises: the plugin is listed as failed; approvals with its steps wait, naming it.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_jobs(self, ctx: DeclareContext) -> Iterable[Job]:
        """Answer kinds of work that run beside requests, once or again and again.

        When: the process starts.
        Result: the worker runs them; a job that keeps failing is shown as dead.
        If it raises: the plugin is listed as failed and its jobs wait.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_pages(self, ctx: DeclareContext) -> Iterable[Page]:
        """Answer pages and operations of the API.

        When: the process starts.
        Result: routes; while the plugin is disabled they are not found.
        If it raises: the plugin is listed as failed and none of its routes exists.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_commands(self, ctx: DeclareContext) -> Iterable[Any]:
        """Answer commands (``click.Command``) that stand beside the kernel's.

        When: the command line is read.
        Result: ``loopline NAME …``; a name that the kernel has is left out and told.
        If it raises: the plugin is listed as failed and its commands are not there.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def register_report_widgets(self, ctx: DeclareContext) -> Iterable[ReportWidget]:
        """Answer what can stand on dashboards besides reports.

        When: the process starts.
        Result: dashboards may name ``plugin.widget``; its query is asked as whoever looks.
        If it raises: the plugin is listed as failed and dashboards stand without its widgets.

        versionadded: 0.3
        """
        raise AssertionError(_NEVER)


class GuardSpecs:
    """Asked inside the writing transaction. Failure refuses the write, naming the plugin."""

    @hookspec
    def before_change(self, ctx: Any, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
        """Answer what else is written with records that are about to change, or what refuses them.

        When: records are created, changed, deleted or restored, through whatever door, before
        they are checked; one call a batch.
        Result: each ``Set`` is part of the change; each ``Refuse`` keeps its record from it; each
        ``Add`` makes a further record once its record is written.
        If it raises: the whole batch is refused, naming the plugin.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def before_transition(self, ctx: Any, event: RecordsMoving) -> Iterable[Set | Refuse]:
        """Answer what else is written with records that enter a stage, or what keeps them out.

        When: after ``before_change``, before the stage asks for its fields and conditions; one
        call a batch and pipeline, new records included.
        Result: each ``Set`` is part of the change, but for the stage itself; each ``Refuse`` keeps
        its record from it.
        If it raises: the whole batch is refused, naming the plugin.

        versionadded: 0.3
        """
        raise AssertionError(_NEVER)

    @hookspec
    def restrict_scope(self, ctx: DeclareContext, event: Scoping) -> Iterable[str]:
        """Answer expressions that every record must satisfy besides what roles grant.

        When: the rights of somebody who is no administrator are worked out, once a release and
        set of roles; it may depend on nothing else.
        Result: the expressions are joined to the scope with ``&&``.
        If it raises: nobody but administrators reads the entity, and explain names the plugin.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def before_publish(self, ctx: Any, event: Publishing) -> Iterable[Refuse]:
        """Answer why a release must not be published.

        When: within the publish transaction, after the plan was made.
        Result: each ``Refuse`` keeps the release from being published.
        If it raises: the publish is refused, naming the plugin.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)


class ObserveSpecs:
    """Told after the commit, from the job table. Failure is retried and kept apart."""

    @hookspec
    def after_change(self, ctx: Any, event: RecordsChanged) -> None:
        """React to records that were written.

        When: soon after the commit, once a batch, in a transaction of its own; at least once.
        Result: none; what it writes is committed with it.
        If it raises: it is called again later, and given up after eight attempts.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def after_publish(self, ctx: Any, event: Published) -> None:
        """React to a release that is being served.

        When: soon after the publish, in a transaction of its own; at least once.
        Result: none; what it writes is committed with it.
        If it raises: it is called again later, and given up after eight attempts.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)

    @hookspec
    def on_job_error(self, ctx: Any, event: JobFailed) -> None:
        """React to a job that was given up.

        When: a job failed for the last time.
        Result: none.
        If it raises: the failure is logged; it is not called again.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)


class TakeSpecs:
    """Asked about what comes in from outside. Failure leaves it to whoever is asked next."""

    @hookspec
    def on_mail(self, ctx: Any, event: MailArrived) -> Iterable[Taken]:
        """Take in a message that goes on with a record there is, and answer the record.

        When: a message of the mailbox is about to become a record, within the transaction that
        makes it; automatic answers, lists and bounces are left out.
        Result: the first plugin that answers a record has taken the message, and no new record
        is made of it; where all answer nothing, one is.
        If it raises: what it wrote is undone, the failure is logged and the next one is asked.

        versionadded: 0.3
        """
        raise AssertionError(_NEVER)


class ShowSpecs:
    """Asked while a page is drawn. Failure becomes a line on the page."""

    @hookspec
    def panels(self, ctx: Any, event: Showing) -> Iterable[Panel]:
        """Answer boxes that stand beside a record.

        When: a record's page is drawn, in its reading transaction.
        Result: the panels in order of the plugins.
        If it raises: a panel that names the plugin stands there instead.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)


class LifeSpecs:
    """Told when the plugin itself changes."""

    @hookspec
    def on_lifecycle(self, ctx: Any, event: Lifecycle) -> None:
        """Prepare or put away what the plugin needs.

        When: within the transaction that installs, upgrades, enables or disables the plugin.
        Result: what it writes is committed with the release.
        If it raises: the release is not published; disabling goes on without it.

        versionadded: 0.2
        """
        raise AssertionError(_NEVER)


SPECS: Final = (DeclareSpecs, GuardSpecs, ObserveSpecs, TakeSpecs, ShowSpecs, LifeSpecs)
