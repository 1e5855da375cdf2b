"""The page of plugins, and the frame around pages of plugins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from loopline.web.contexts.cells import Tone
from loopline.web.contexts.described import described
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginRow:
    """A plugin, how it fares, and what can be done about it."""

    name: str = field(metadata=described("Its id."))
    title: str = field(metadata=described("Its title."))
    version: str = field(metadata=described("Its version."))
    state: str = field(metadata=described("How it fares, in words."))
    tone: Tone = field(default="", metadata=described("The colour of the state."))
    notes: tuple[str, ...] = field(
        default=(), metadata=described("Why it failed, what it depends on, which version serves.")
    )
    action: str = field(default="", metadata=described("Where enabling or disabling posts."))
    verb: str = field(default="", metadata=described("What posting there does."))


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginsContext(PageContext):
    """The plugins of the site, for administrators."""

    template: ClassVar[str] = "pages/plugins.html"

    rows: tuple[PluginRow, ...] = field(metadata=described("Every plugin that is known."))
    problems: tuple[str, ...] = field(
        default=(), metadata=described("Why the last act was refused, one a line.")
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginPageContext(PageContext):
    """A page of a plugin, drawn by its own template within the frame."""

    template: ClassVar[str] = "pages/plugin_page.html"

    content: str = field(metadata=described("The plugin's template."))
    page: Mapping[str, Any] = field(metadata=described("What the plugin gave it."))


@dataclass(frozen=True, kw_only=True, slots=True)
class PortalPageContext(PageContext):
    """A public page of a plugin, for people without an account."""

    template: ClassVar[str] = "pages/portal_page.html"

    content: str = field(metadata=described("The plugin's template."))
    page: Mapping[str, Any] = field(metadata=described("What the plugin gave it."))
