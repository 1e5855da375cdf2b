"""Journeys as metro lines: with counts for the home page, with progress for a record."""

from itertools import pairwise

from loopline.access.context import Context
from loopline.meta.entities import EntityDef
from loopline.meta.journeys import JourneyDef
from loopline.meta.screens import LIST
from loopline.services.journey import Progress, journeys_of, overview
from loopline.services.journey import Stop as Held
from loopline.store.rows import Record
from loopline.web.contexts.metro import Metro, Stop
from loopline.web.pages.list_state import ListState
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import entity_href


def home_metros(ctx: Context, *, mine: bool) -> tuple[Metro, ...]:
    """Answer every journey with what stands at its stations, of one's own records or all."""
    found = ((one, overview(ctx, one, mine=mine)) for one in ctx.catalog.journeys)
    return tuple(_counted(ctx, journey, stops) for journey, stops in found if stops)


def record_metros(ctx: Context, record: Record) -> tuple[Metro, ...]:
    """Answer the journeys of a record, with where it stands."""
    return tuple(_followed(ctx, record, one) for one in journeys_of(ctx, record) if one.stops)


def _counted(ctx: Context, journey: JourneyDef, held: tuple[Held, ...]) -> Metro:
    language, say = ctx.actor.language, ctx.messages.say
    transfers = _transfers(held)
    return Metro(
        label=journey.label.to(language),
        ring=say("ui.home.ring", language),
        stops=tuple(
            Stop(
                label=_label(ctx, one),
                line=one.station.line,
                state="done",
                stuck=one.stuck > 0,
                transfer=transfer,
                href=_list(ctx, one.entity, one.filter),
                figure=f"{one.count:,}{'' if one.exact else '+'}",
                note=_stuck(ctx, one),
                note_href=_list(ctx, one.entity, one.stuck_filter) if one.stuck else "",
            )
            for one, transfer in zip(held, transfers, strict=True)
        ),
    )


def _followed(ctx: Context, record: Record, progress: Progress) -> Metro:
    current = -1 if progress.current is None else progress.current
    label = progress.journey.label.to(ctx.actor.language)
    stops = []
    for at, (one, transfer) in enumerate(
        zip(progress.stops, _transfers(progress.stops), strict=True)
    ):
        now = at == current
        stops.append(
            Stop(
                label=_label(ctx, one),
                line=one.station.line,
                state="now" if now else "done" if at < current else "",
                stuck=now and one.stuck > 0,
                transfer=transfer,
                href=_list(ctx, one.entity, one.filter) if one.count else "",
                note=_days(ctx, one) if now else "",
            )
        )
    own = record.entity == progress.journey.of
    return Metro(label=label, stops=tuple(stops), ring=label if own else "")


def _label(ctx: Context, one: Held) -> str:
    return (one.station.label or plural_of(ctx, one.entity)).to(ctx.actor.language)


def _stuck(ctx: Context, one: Held) -> str:
    if not one.stuck:
        return ""
    limit = one.station.limit or 0
    return ctx.messages.say("ui.metro.stuck", ctx.actor.language, n=one.stuck, limit=limit)


def _days(ctx: Context, one: Held) -> str:
    """Answer for how long the earliest has been there, and how long it may be."""
    if one.days is None:
        return ""
    language, limit = ctx.actor.language, one.station.limit
    key = "ui.metro.days_of" if limit else "ui.metro.days"
    return ctx.messages.say(key, language, n=one.days, limit=limit or 0)


def _transfers(held: tuple[Held, ...]) -> list[bool]:
    """Answer where another line begins."""
    return [False] * bool(held) + [
        one.station.line != next_one.station.line for one, next_one in pairwise(held)
    ]


def _list(ctx: Context, entity: EntityDef, text: str) -> str:
    """Answer the list of exactly what a station counts: by a view that leaves nothing out."""
    views = [one for one in ctx.catalog.views(entity.id) if one.type == LIST] or [
        ctx.catalog.view(entity.id)
    ]
    whole = next((one for one in views if not one.filter), views[0])
    view = "" if whole is ctx.catalog.views(entity.id)[0] else whole.id
    return ListState(path=entity_href(entity.id), view=view, filter=text).href
