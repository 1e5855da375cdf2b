"""The door to what plugins offer for dashboards."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid, Problem
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import ReportWidget
from loopline.query.answering import answer
from loopline.query.grid import ResultGrid
from loopline.query.reading import read_query


@dataclass(frozen=True, slots=True)
class Widgets:
    """Parts of dashboards, by ``plugin.widget``, asked with the rights of whoever acts."""

    _ctx: Context = field(repr=False)

    def all(self) -> Mapping[str, ReportWidget]:
        """Answer the widgets of the enabled plugins, in their order."""
        calls = self._ctx.calls
        found = calls.declared(calls.plugins.report_widgets)
        return {f"{plugin}.{one.id}": one for plugin, one in found}

    def ask(self, name: str, settings: Mapping[str, Any]) -> ResultGrid:
        """Answer what a widget shows.

        Raises NotFound where no enabled plugin has it; NotValid for settings that do not fit and
        for what is wrong with its query; PluginFailed where the plugin breaks.
        """
        one = self.all().get(name)
        if one is None:
            raise NotFound(code="plugin.no_widget", widget=name)
        wrong = Draft202012Validator(one.settings).iter_errors(settings)
        problems = [
            Problem(f"settings.{found.json_path}", "metadata.invalid", {"reason": found.message})
            for found in wrong
        ]
        if problems:
            raise NotValid(*problems)
        plugin = name.partition(".")[0]
        with boundary(plugin, f"widget {one.id}"):
            asked = dict(one.query(self._ctx.contexts(plugin), settings))
        return answer(self._ctx, read_query(asked))
