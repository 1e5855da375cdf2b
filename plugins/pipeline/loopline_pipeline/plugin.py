"""What the pipeline plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Iterable
from pathlib import Path

from loopline.sdk import (
    Add,
    Context,
    DeclareContext,
    DocumentFolder,
    RecordsChanging,
    Refuse,
    Set,
    hookimpl,
)
from loopline_pipeline import opportunities


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Add lines up, number requirements, count how often the day of closing is put off."""
    return opportunities.guard(ctx, event)
