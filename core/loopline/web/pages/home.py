"""The first page of the day: journeys with their counts, and what was added last."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.meta.screens import MenuItem
from loopline.query.lists import ListQuery, page
from loopline.web.contexts.home import HomeContext, Panel
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.briefs import briefs
from loopline.web.pages.demo_tips import tips
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.metro import home_metros
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell

_PANELS: Final = 4
_ITEMS: Final = 5
_MINE: Final = "owner == me"
_NOON: Final = 12
_EVENING: Final = 18
_PATTERNS: Final = {"zh": "M 月 d 日 EEEE", "en": "EEEE, d MMMM"}


def show_home(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the home page: one's own records, or with ``?whose=all`` everybody's."""
    language, say = ctx.actor.language, ctx.messages.say
    local = ctx.now.astimezone(ZoneInfo(ctx.locale.zone))
    stations = _stations(ctx)
    mine = asked.query.get("whose", "all" if ctx.actor.administrator else "mine") != "all"
    title = say("ui.nav.home", language)
    context = HomeContext(
        shell=shell(ctx, asked, Place(title=title, home=True, crumbs=(Crumb(label=title),))),
        greeting=say(f"ui.home.{_part_of_day(local)}", language, name=ctx.actor.name),
        today=format_date(local, _PATTERNS[language], locale=language),
        whose=tuple(
            Tab(label=say(f"ui.home.whose.{name}", language), href=f"/?whose={name}", current=on)
            for name, on in (("mine", mine), ("all", not mine))
        ),
        metros=home_metros(ctx, mine=mine),
        panels=tuple(_panel(ctx, item, entity, mine=mine) for item, entity in stations[:_PANELS]),
        tips=tips(ctx),
    )
    return Show(context=context)


def _stations(ctx: Context) -> list[tuple[MenuItem, EntityDef]]:
    """Answer the first entry of every line of the loop."""
    found: dict[str, tuple[MenuItem, EntityDef]] = {}
    known = {item.id for item in ctx.catalog.menu.items}
    for item in ctx.catalog.menu.items:
        if item.line and item.parent not in known and ctx.catalog.has("entity", item.entity):
            found.setdefault(item.line, (item, ctx.catalog.entity(item.entity)))
    return list(found.values())


def _cut(ctx: Context, entity: EntityDef, *, mine: bool) -> tuple[str, str]:
    """Answer filter and address of what is counted: the default list, of one's own if owned."""
    view = ctx.catalog.views(entity.id)[0]
    own = mine and entity.traits.owned
    texts = [one for one in (view.filter, _MINE if own else "") if one]
    href = entity_href(entity.id)
    return " && ".join(f"({one})" for one in texts), f"{href}?c=owner:eq:me" if own else href


def _panel(ctx: Context, item: MenuItem, entity: EntityDef, *, mine: bool) -> Panel:
    """Answer the first records of a station's default list."""
    cut, href = _cut(ctx, entity, mine=mine)
    found = page(ctx, ListQuery(entity=entity.id, filter=cut, limit=_ITEMS)).records
    language, say = ctx.actor.language, ctx.messages.say
    plural = in_phrase(plural_of(ctx, entity), language)
    own = mine and entity.traits.owned
    return Panel(
        label=say("ui.home.mine" if own else "ui.home.newest", language, entity=plural),
        href=href,
        line=item.line,
        items=briefs(ctx, entity, found),
        empty=say("ui.home.none_mine" if own else "ui.home.none", language, entity=plural),
    )


def _part_of_day(local: datetime) -> str:
    if local.hour < _NOON:
        return "morning"
    return "afternoon" if local.hour < _EVENING else "evening"
