"""What the contracts plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Iterable
from pathlib import Path

from loopline.sdk import (
    Action,
    Add,
    Context,
    DeclareContext,
    DocumentFolder,
    Page,
    RecordsChanging,
    Refuse,
    Set,
    hookimpl,
)
from loopline_contracts import quote_lines, quote_pages, quotes


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer the actions of quotes."""
    return quotes.actions(with_pipeline="pipeline" in ctx.plugins)


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the page on which customers answer a quote."""
    return quote_pages.pages()


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Price lines and add them up; keep what was sent as it was."""
    match event.entity:
        case "quote":
            return quote_lines.guard_quotes(event)
        case "quote_line":
            return quote_lines.guard_lines(ctx, event)
        case _:
            return ()
