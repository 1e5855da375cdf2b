"""The hooks, grouped by the moment of their life at which they are called."""

from collections.abc import Iterable
from typing import Final

import pluggy

from loopline.hooks.declare import DeclareContext, DocumentFolder

PROJECT: Final = "loopline"
hookspec: Final = pluggy.HookspecMarker(PROJECT)
hookimpl: Final = pluggy.HookimplMarker(PROJECT)


class DeclareSpecs:
    """Pure declarations, read when a release is made. Failure quarantines the plugin."""

    @hookspec
    def register_documents(self, ctx: DeclareContext) -> Iterable[DocumentFolder]:
        """Answer the folders that hold the plugin's documents.

        When: a site is created, upgraded, or its plugins change; outside any transaction.
        Result: the documents become the plugin's layer of the next release.
        If it raises: the plugin is listed as failed and the last release keeps serving.

        versionadded: 0.1
        """
        raise AssertionError("a specification is never called")
