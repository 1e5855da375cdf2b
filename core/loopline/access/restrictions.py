"""Restrictions: what plugins demand of every record besides what roles grant."""

import logging
from collections.abc import Sequence
from typing import Final

from loopline.errors import LooplineError, PluginFailed
from loopline.expr.check import check
from loopline.expr.parse import parse
from loopline.hooks.calls import Calls
from loopline.hooks.declare import DeclareContext
from loopline.hooks.events import Scoping
from loopline.meta.scope import EntityScope
from loopline.store.snapshot import Snapshot

NOTHING: Final = "is_blank(id)"
"""The demand of a plugin that failed: nobody but administrators sees the records."""
_log = logging.getLogger(__name__)


class Restrictions:
    """Asks plugins once a release, entity and action; what cannot be understood lets nothing by."""

    def __init__(self, snapshot: Snapshot, calls: Calls) -> None:
        self._snapshot = snapshot
        self._calls = calls

    def __call__(self, entity: str, action: str) -> Sequence[tuple[str, str]]:
        """Answer (plugin, expression) for an entity and an action."""
        if not self._calls.named("restrict_scope"):
            return ()
        key = ("restrictions", entity, action)
        return self._snapshot.memo(key, lambda: self._ask(entity, action))

    def _ask(self, entity: str, action: str) -> Sequence[tuple[str, str]]:
        def declare(plugin: str) -> DeclareContext:
            return DeclareContext(plugin=plugin, plugins=self._calls.enabled, language="")

        try:
            found = self._calls.restrict_scope(declare, Scoping(entity=entity, action=action))
        except PluginFailed as error:
            _log.exception("restrictions of %s", entity)
            return ((str(error.params["plugin"]), NOTHING),)
        scope = EntityScope(self._snapshot.catalog, self._snapshot.types, entity)
        return tuple((plugin, _understood(plugin, text, scope)) for plugin, text in found)


def _understood(plugin: str, text: str, scope: EntityScope) -> str:
    try:
        check(parse(text), scope)
    except LooplineError:
        _log.exception("the plugin %s demands what cannot be understood: %s", plugin, text)
        return NOTHING
    return text
