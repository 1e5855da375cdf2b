"""The menu's last entries: work that is waiting, pages of plugins, and what administrators need."""

from collections.abc import Iterator
from typing import Final

from loopline.access.context import Context
from loopline.services.plugin_pages import may_open
from loopline.web.contexts.shell import NavGroup, NavItem

_WORK: Final = (("ui.approvals", "/approvals", "check"),)
_ADMINISTRATION: Final = (("ui.plugins", "/plugins", "layers"),)


def further_groups(ctx: Context, here: str) -> tuple[NavGroup, ...]:
    """Answer the groups that follow the menu's own; ``here`` is the address of the page."""
    say, language = ctx.messages.say, ctx.actor.language
    work = [_item(say(key, language), href, icon, here) for key, href, icon in _WORK]
    groups = [NavGroup(items=(*work, *_of_plugins(ctx, here)))]
    if ctx.actor.administrator:
        items = tuple(
            _item(say(key, language), href, icon, here) for key, href, icon in _ADMINISTRATION
        )
        groups.append(NavGroup(items=items, label=say("ui.administration", language)))
    return tuple(groups)


def _of_plugins(ctx: Context, here: str) -> Iterator[NavItem]:
    """Yield the pages that plugins put into the menu and the actor may open."""
    for _, page in ctx.calls.declared(ctx.calls.plugins.pages):
        if page.menu is not None and "GET" in page.methods and may_open(ctx, page):
            icon = page.icon.removeprefix("i-") or "table"
            yield _item(page.menu.to(ctx.actor.language), page.path, icon, here)


def _item(label: str, href: str, icon: str, here: str) -> NavItem:
    return NavItem(label=label, href=href, icon=icon, current=here.partition("?")[0] == href)
