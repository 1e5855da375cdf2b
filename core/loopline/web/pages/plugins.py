"""The page of plugins: how each fares, and enabling and disabling them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import LooplineError, Problem
from loopline.services.metadata import require_configure
from loopline.services.plugin_states import PluginState, disable, enable, plugin_states
from loopline.web.contexts.cells import Tone
from loopline.web.contexts.plugins import PluginRow, PluginsContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.shell import Place, shell

_TONES: Final[dict[str, Tone]] = {
    "enabled": "ok",
    "failed": "danger",
    "missing": "danger",
    "disabled": "warn",
}


class PluginsPage:
    """The page and its two acts; none of them asks a hook of the plugin that is disabled."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def routes(self) -> Sequence[PageRoute]:
        """Answer the routes."""
        return (
            PageRoute(method="GET", path="/plugins", handler=self.show),
            PageRoute(method="POST", path="/plugins/{name}/enable", handler=self.enable),
            PageRoute(method="POST", path="/plugins/{name}/disable", handler=self.disable),
        )

    def show(self, ctx: Context, asked: PageRequest) -> Reply:
        """Answer the page. Raises Forbidden for all but administrators."""
        require_configure(ctx)
        return Show(context=self._context(ctx, asked))

    def enable(self, ctx: Context, asked: PageRequest) -> Reply:
        """Enable a plugin."""
        return self._act(ctx, asked, enabling=True)

    def disable(self, ctx: Context, asked: PageRequest) -> Reply:
        """Disable a plugin."""
        return self._act(ctx, asked, enabling=False)

    def _act(self, ctx: Context, asked: PageRequest, *, enabling: bool) -> Reply:
        name = asked.path["name"]
        try:
            (enable if enabling else disable)(ctx, self._platform.shelf, name)
        except LooplineError as error:
            if error.status not in {404, 422}:
                raise
            found = error.problems or (Problem("plugin", error.key, error.params),)
            told = tuple(ctx.messages.tell(one, ctx.actor.language) for one in found)
            return Show(context=replace(self._context(ctx, asked), problems=told), status=422)
        done = "ui.plugins.enabled_now" if enabling else "ui.plugins.disabled_now"
        return Go(to="/plugins", done=done, title=name)

    def _context(self, ctx: Context, asked: PageRequest) -> PluginsContext:
        title = ctx.messages.say("ui.plugins", ctx.actor.language)
        states = plugin_states(ctx, self._platform.plugins)
        return PluginsContext(
            shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
            rows=tuple(_row(ctx, one) for one in states),
        )


def _row(ctx: Context, one: PluginState) -> PluginRow:
    say, language = ctx.messages.say, ctx.actor.language
    verb = "disable" if one.serving else "enable"
    possible = one.serving or one.state in {"available", "disabled"}
    return PluginRow(
        name=one.id,
        title=one.title.to(language),
        version=one.version or one.served,
        state=say(f"ui.plugins.{one.state}", language),
        tone=_TONES.get(one.state, ""),
        notes=tuple(_notes(ctx, one)),
        action=f"/plugins/{one.id}/{verb}" if possible else "",
        verb=say(f"ui.plugins.{verb}", language),
    )


def _notes(ctx: Context, one: PluginState) -> Iterator[str]:
    """Yield why it failed, what it depends on, and how the release differs from what is there."""
    say, language = ctx.messages.say, ctx.actor.language
    yield from one.reason.splitlines()
    if one.state == "missing":
        yield say("ui.plugins.missing_note", language)
    elif one.served and one.version and one.served != one.version:
        yield say("ui.plugins.served", language, served=one.served)
    if one.depends_on:
        yield say("ui.plugins.needs", language, needs=", ".join(one.depends_on))
