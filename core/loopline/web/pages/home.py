"""The first page of the day: the loop with its counts, and what was added last."""

from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.meta.screens import MenuItem
from loopline.query.lists import ListQuery, count, page
from loopline.web.contexts.home import HomeContext, Panel, Station
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.related import brief
from loopline.web.pages.shell import Place, entity_href, shell

_PANELS: Final = 4
_ITEMS: Final = 5
_NOON: Final = 12
_EVENING: Final = 18
_PATTERNS: Final = {"zh": "M 月 d 日 EEEE", "en": "EEEE, d MMMM"}


def show_home(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the home page."""
    language, say = ctx.actor.language, ctx.messages.say
    local = ctx.now.astimezone(ZoneInfo(ctx.locale.zone))
    stations = _stations(ctx)
    title = say("ui.nav.home", language)
    context = HomeContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        greeting=say(f"ui.home.{_part_of_day(local)}", language, name=ctx.actor.name),
        today=format_date(local, _PATTERNS[language], locale=language),
        stations=tuple(_station(ctx, item, entity) for item, entity in stations),
        panels=tuple(_panel(ctx, item, entity) for item, entity in stations[:_PANELS]),
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


def _station(ctx: Context, item: MenuItem, entity: EntityDef) -> Station:
    all_of_them = count(ctx, ListQuery(entity=entity.id, count="estimate"))
    today = count(
        ctx, ListQuery(entity=entity.id, filter="created_at >= today()", count="estimate")
    )
    language, say = ctx.actor.language, ctx.messages.say
    return Station(
        label=item.label.to(language),
        href=entity_href(entity.id),
        line=item.line,
        count=f"{all_of_them.value:,}{'' if all_of_them.exact else '+'}",
        note=say("ui.home.new_today", language, n=today.value) if today.value else "",
    )


def _panel(ctx: Context, item: MenuItem, entity: EntityDef) -> Panel:
    """Answer the newest records of a station: one's own if one has any."""
    newest = ListQuery(entity=entity.id, limit=_ITEMS)
    mine = replace(newest, filter="owner == me")
    found = page(ctx, mine).records if entity.traits.owned else ()
    owned = bool(found)
    found = found or page(ctx, newest).records
    language, say = ctx.actor.language, ctx.messages.say
    plural = entity.plural.to(language)
    href = entity_href(entity.id)
    return Panel(
        label=say("ui.home.mine" if owned else "ui.home.newest", language, entity=plural),
        href=f"{href}?c=owner:eq:me" if owned else href,
        line=item.line,
        items=tuple(brief(ctx, entity, record) for record in found),
        empty=say("ui.home.none", language, entity=plural),
    )


def _part_of_day(local: datetime) -> str:
    if local.hour < _NOON:
        return "morning"
    return "afternoon" if local.hour < _EVENING else "evening"
