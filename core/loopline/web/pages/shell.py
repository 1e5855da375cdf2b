"""The frame around a page: menu, crumbs, the person, and what was just done."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol
from urllib.parse import quote, unquote

import orjson

from loopline.access.context import Context
from loopline.language import Label
from loopline.meta.screens import MenuItem
from loopline.services.notifications import MOST_COUNTED, unread_count
from loopline.web.contexts.person import person
from loopline.web.contexts.shell import Bell, Crumb, NavGroup, NavItem, Shell, Toast
from loopline.web.pages.further_menu import administration_group, plugin_group
from loopline.web.pages.offering import offers_new

_KEYS: Final = {
    "leads": "l",
    "pipeline": "p",
    "contracts": "c",
    "service": "s",
    "loyalty": "y",
    "reports": "r",
}
"""The letter that leads to the first station of a line, after G."""
_TABS: Final = 3


class Asked(Protocol):
    """What the frame needs to know of a request."""

    @property
    def site(self) -> str:
        """The site's name."""

    @property
    def here(self) -> str:
        """The page's own address."""

    @property
    def toast(self) -> str:
        """What the last act left to tell, as the cookie has it."""

    @property
    def csrf(self) -> str:
        """What forms must send back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a page stands: its title, the entity and view it shows, and the way to it."""

    title: str
    home: bool = False
    entity: str = ""
    view: str = ""
    crumbs: tuple[Crumb, ...] = ()


def bare_shell(site: str, language: str, here: str, title: str) -> Shell:
    """Answer the frame for somebody who is not signed in."""
    return Shell(
        language=language,
        title=title,
        site=site,
        csrf="",
        here=here,
        language_action="/login/language",
    )


def shell(ctx: Context, asked: Asked, place: Place) -> Shell:
    """Answer the frame of a signed-in person's page."""
    say, language = ctx.messages.say, ctx.actor.language
    known = {one.id for one in ctx.catalog.menu.items}
    items = [one for one in ctx.catalog.menu.items if one.parent not in known]
    groups = _groups(ctx, items, place)
    ring = [item for group in groups if group.ring for item in group.items]
    home = NavItem(
        label=say("ui.nav.home", language),
        href="/",
        icon="home",
        key="h",
        current=place.home,
    )
    desk = NavItem(
        label=say("ui.approvals", language),
        href="/approvals",
        icon="stamp",
        key="a",
        current=asked.here.partition("?")[0] == "/approvals",
    )
    entity = ctx.catalog.entity(place.entity) if place.entity else None
    return Shell(
        language=language,
        title=place.title,
        site=asked.site,
        csrf=asked.csrf,
        here=asked.here,
        person=person(ctx.actor.name),
        own=_own(ctx),
        menu=(
            NavGroup(items=(home, *((desk,) if ctx.catalog.approvals else ()))),
            *(group for group in groups if group.ring),
            *plugin_group(ctx, asked.here),
            *(group for group in groups if not group.ring),
            *administration_group(ctx, asked.here),
        ),
        tabs=(replace(home, label=say("ui.nav.home_short", language)), *ring[:_TABS]),
        create=_create(ctx, items),
        crumbs=place.crumbs,
        line=entity.line if entity else "",
        toast=take_toast(ctx, asked.toast),
        bell=bell(ctx),
    )


def bell(ctx: Context) -> Bell:
    """Answer how many notifications the person has not read."""
    number, say, language = unread_count(ctx), ctx.messages.say, ctx.actor.language
    if not number:
        return Bell(label=say("ui.notifications.bell_none", language))
    count = str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"
    return Bell(label=say("ui.notifications.bell", language, n=count), count=count)


def _own(ctx: Context) -> tuple[NavItem, ...]:
    """Answer the pages about the person themselves."""
    say, language = ctx.messages.say, ctx.actor.language
    found = (("/account", "ui.person.own", "lock"), ("/explain", "ui.explain", "help"))
    return tuple(
        NavItem(label=say(key, language), href=href, icon=icon) for href, key, icon in found
    )


def heading_of(ctx: Context, entity: str, view: str) -> Crumb | None:
    """Answer the heading of the menu that a view stands under, if it stands under one."""
    items = ctx.catalog.menu.items
    shown = next((one for one in items if one.entity == entity and one.view == view), None)
    above = next((one for one in items if shown and one.id == shown.parent), None)
    if above is None or above.entity:
        return None
    first = next(below for below in _below(ctx, above) if ctx.catalog.has("entity", below.entity))
    return Crumb(label=above.label.to(ctx.actor.language), href=_href(first))


def entity_href(entity: str) -> str:
    """Answer the address of an entity's list."""
    return f"/records/{quote(entity)}"


def _groups(ctx: Context, items: Sequence[MenuItem], place: Place) -> tuple[NavGroup, ...]:
    """Answer the groups that hold something; what names no group stands in one of its own."""
    language, known = ctx.actor.language, ctx.catalog.menu.groups
    groups = []
    used: set[str] = set()
    further = Label({language: ctx.messages.say("ui.nav.further", language)})
    for name, label in (*known.items(), ("", further)):
        wanted = [one for one in items if (one.group if one.group in known else "") == name]
        inside = [one for one in wanted if _leads_somewhere(ctx, one)]
        if inside:
            shown = tuple(_item(ctx, one, place, used) for one in inside)
            ring = all(one.line for one in inside)
            groups.append(NavGroup(items=shown, label=label.to(language), ring=ring))
    return tuple(groups)


def _leads_somewhere(ctx: Context, one: MenuItem) -> bool:
    """Whether an entry has an entity that is there; a heading needs one beneath it."""
    if one.entity:
        return ctx.catalog.has("entity", one.entity)
    return any(ctx.catalog.has("entity", below.entity) for below in _below(ctx, one))


def _below(ctx: Context, one: MenuItem) -> list[MenuItem]:
    return [below for below in ctx.catalog.menu.items if below.parent == one.id]


def _all_below(ctx: Context, one: MenuItem) -> Iterator[MenuItem]:
    """Yield what stands below an entry, and below that: the menu draws two levels."""
    for below in _below(ctx, one):
        yield below
        yield from _all_below(ctx, below)


def _item(ctx: Context, one: MenuItem, place: Place, used: set[str]) -> NavItem:
    key = "" if one.line in used else _KEYS.get(one.line, "")
    used.add(one.line)
    children = tuple(
        replace(_item(ctx, below, place, used), children=())
        for below in _all_below(ctx, one)
        if ctx.catalog.has("entity", below.entity)
    )
    return NavItem(
        label=one.label.to(ctx.actor.language),
        href=_href(one) if one.entity else children[0].href,
        icon=one.icon.removeprefix("i-"),
        line=one.line,
        current=_is_here(ctx, one, place),
        opened=any(child.current for child in children),
        key=key,
        children=children if one.entity or any(child.current for child in children) else (),
    )


def _is_here(ctx: Context, one: MenuItem, place: Place) -> bool:
    """Whether an entry is the page: the one whose view is shown, else the entity's first."""
    if not one.entity or one.entity != place.entity:
        return False
    same = [other for other in ctx.catalog.menu.items if other.entity == one.entity]
    shown = [other for other in same if other.view and other.view == place.view]
    return one is (shown or same)[0]


def _href(one: MenuItem) -> str:
    view = f"?view={quote(one.view)}" if one.view else ""
    return entity_href(one.entity) + view


def _create(ctx: Context, items: Sequence[MenuItem]) -> tuple[NavItem, ...]:
    """Answer what the person may make new: one entry for each entity of the ring."""
    found: dict[str, NavItem] = {}
    for one in [each for top in items for each in (top, *_below(ctx, top))]:
        if not one.line or not ctx.catalog.has("entity", one.entity):
            continue
        entity = ctx.catalog.entity(one.entity)
        if offers_new(ctx, entity):
            found[one.entity] = NavItem(
                label=entity.label.to(ctx.actor.language),
                href=f"{entity_href(one.entity)}/new",
                icon=one.icon.removeprefix("i-"),
                line=one.line,
            )
    return tuple(found.values())


def take_toast(ctx: Context, cookie: str) -> Toast | None:
    """Answer what the last act left to tell; a cookie that cannot be read tells nothing."""
    if not cookie:
        return None
    try:
        key, title, undo, bad = orjson.loads(unquote(cookie))
    except (ValueError, TypeError):
        return None
    text = ctx.messages.say(f"ui.toast.{key}", ctx.actor.language, title=title)
    undo_action = undo if str(undo).startswith("/records/") else ""
    return Toast(text=text, bad=bad is True, undo_action=undo_action)
