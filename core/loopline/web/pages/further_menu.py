"""The menu's last groups: pages of plugins, and what administrators need."""

from typing import Final

from loopline.access.context import Context
from loopline.services.plugin_pages import may_open
from loopline.web.contexts.shell import NavGroup, NavItem

_ADMINISTRATION: Final = (
    ("ui.tag.rules", "/tags/rules", "tag"),
    ("ui.audit", "/audit", "clock"),
    ("ui.plugins", "/plugins", "layers"),
)


def plugin_group(ctx: Context, here: str) -> tuple[NavGroup, ...]:
    """Answer the pages that plugins put into the menu and the actor may open, as one group."""
    language = ctx.actor.language
    items = tuple(
        _item(page.menu.to(language), page.path, page.icon.removeprefix("i-") or "table", here)
        for _, page in ctx.calls.declared(ctx.calls.plugins.pages)
        if page.menu is not None and "GET" in page.methods and may_open(ctx, page)
    )
    label = ctx.messages.say("ui.nav.pages", language)
    return (NavGroup(items=items, label=label),) if items else ()


def administration_group(ctx: Context, here: str) -> tuple[NavGroup, ...]:
    """Answer what administrators need beside records; nothing for others."""
    if not ctx.actor.administrator:
        return ()
    say, language = ctx.messages.say, ctx.actor.language
    items = tuple(
        _item(say(key, language), href, icon, here) for key, href, icon in _ADMINISTRATION
    )
    return (NavGroup(items=items, label=say("ui.administration", language)),)


def _item(label: str, href: str, icon: str, here: str) -> NavItem:
    return NavItem(label=label, href=href, icon=icon, current=here.partition("?")[0] == href)
