"""Boxes beside a record that plugins fill; one that fails says so in its place."""

from loopline.access.context import Context
from loopline.errors import PluginFailed
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import Panel
from loopline.hooks.events import Showing
from loopline.language import Label
from loopline.store.rows import Record
from loopline.web.contexts.records import SidePanel


def side_panels(ctx: Context, record: Record) -> tuple[SidePanel, ...]:
    """Answer the panels of a record."""
    event = Showing(entity=record.entity, id=record.id, values=record.values)
    return tuple(
        _panel(ctx, plugin, found) if isinstance(found, Panel) else _failed(ctx, plugin)
        for plugin, found in ctx.calls.panels(ctx.contexts, event, ctx.connection.begin_nested)
    )


def _panel(ctx: Context, plugin: str, panel: Panel) -> SidePanel:
    try:
        with boundary(plugin, "panels"):
            return _drawn(panel, ctx.actor.language)
    except PluginFailed:
        return _failed(ctx, plugin)


def _drawn(panel: Panel, language: str) -> SidePanel:
    """Answer what is shown of a panel; lines of another shape are a failure of their plugin."""

    def said(text: Label | str) -> str:
        return text.to(language) if isinstance(text, Label) else text

    return SidePanel(
        title=said(panel.title),
        lines=tuple((said(label), text) for label, text in panel.lines),
        text=said(panel.text),
        href=panel.href,
        tone=panel.tone,
        copy=panel.copy,
    )


def _failed(ctx: Context, plugin: str) -> SidePanel:
    say, language = ctx.messages.say, ctx.actor.language
    return SidePanel(
        title=plugin, text=say("ui.panel.failed", language, plugin=plugin), tone="danger"
    )
