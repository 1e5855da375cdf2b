"""The trail of the site as a page, for administrators."""

from datetime import date
from typing import Final
from urllib.parse import urlencode

from loopline.access.context import Context
from loopline.services import trail
from loopline.services.people import USER
from loopline.services.trail import Line, Trail, TrailQuery
from loopline.web.contexts.access import TrailContext, TrailLine
from loopline.web.contexts.shell import Crumb
from loopline.web.pages import choices
from loopline.web.pages.cells import when
from loopline.web.pages.dispatch import PageRequest, Reply, Show
from loopline.web.pages.numbers import record_number
from loopline.web.pages.shell import Place, entity_href, shell

_ACTIONS: Final = (
    "create",
    "update",
    "delete",
    "restore",
    "reveal",
    "roles",
    "sign_in_ended",
    "sign_ins_ended",
    "token_revoked",
    "unlocked",
    "disabled",
    "enabled",
)
_ASKED: Final = ("user", "entity", "action", "day")


def show_trail(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the lines that the address asks for. Raises Forbidden."""
    given = {name: asked.query.get(name, "") for name in _ASKED}
    day = _day(given["day"])
    user = record_number(given["user"])
    query = TrailQuery(
        actor=user,
        entity=given["entity"] or None,
        action=given["action"] or None,
        day=day,
        before=record_number(asked.query.get("before", "")),
    )
    found = trail.read(ctx, query)
    say, language = ctx.messages.say, ctx.actor.language
    title = say("ui.audit", language)
    kept = [(name, value) for name, value in given.items() if value]
    acts = [(one, f"ui.audit.{one}") for one in _ACTIONS]
    context = TrailContext(
        shell=shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),))),
        people=choices.people(ctx, user),
        entities=choices.entities(ctx, given["entity"]),
        actions=choices.actions(ctx, acts, given["action"]),
        day=given["day"] if day else "",
        lines=tuple(_line(ctx, one, found) for one in found.lines),
        more_href=f"/audit?{urlencode([*kept, ('before', found.next)])}" if found.next else "",
        problem=say("ui.audit.day", language) if given["day"] and not day else "",
    )
    return Show(context=context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _line(ctx: Context, one: Line, found: Trail) -> TrailLine:
    say, language, row = ctx.messages.say, ctx.actor.language, one.row
    known = ctx.catalog.has("entity", row.entity)
    who = (
        found.titles.get((USER, row.actor)) if row.actor is not None else say("ui.system", language)
    )
    key = f"ui.timeline.{row.action}"
    action = say(key, language)
    return TrailLine(
        when=when(ctx, row.at),
        machine=row.at.isoformat(),
        who=who or f"#{row.actor}",
        action=row.action if action == key else action,
        entity=ctx.catalog.entity(row.entity).label.to(language) if known else row.entity,
        title=found.titles.get((row.entity, row.record), f"#{row.record}"),
        href=f"{entity_href(row.entity)}/{row.record}" if known else "",
        said=one.said or say("access.comma", language).join(one.fields),
        via="" if row.via == "page" else say(f"ui.via.{row.via}", language),
    )
