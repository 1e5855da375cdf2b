"""What the reports plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Iterable
from pathlib import Path

import click

from loopline.sdk import (
    Context,
    DeclareContext,
    DocumentFolder,
    Kind,
    Page,
    Publishing,
    Refuse,
    hookimpl,
)
from loopline_reports import checking, commands, kinds, pages


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kinds report and dashboard."""
    return kinds.kinds()


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the pages and operations of reports and dashboards."""
    return pages.pages()


@hookimpl
def register_commands(ctx: DeclareContext) -> Iterable[click.Command]:
    """Answer the command that runs reports."""
    return [commands.report_command]


@hookimpl
def before_publish(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Refuse reports and dashboards that name what is not there."""
    return checking.refusals(ctx, event)
