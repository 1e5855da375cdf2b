"""What the pipeline plugin contributes: its documents."""

from collections.abc import Iterable
from pathlib import Path

from loopline.sdk import DeclareContext, DocumentFolder, hookimpl


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]
