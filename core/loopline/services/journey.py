"""Journeys: how many stand at each station, and where one record stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.meta.entities import EntityDef
from loopline.meta.journeys import JourneyDef, StationDef, way_to
from loopline.query.lists import check_filter
from loopline.query.tallies import Tally, TallyQuery, tally
from loopline.store.rows import Record

_MINE: Final = "owner == me"
_ITSELF: Final = "id"
_READABLE: Final = frozenset({"read", "write"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """A station with what stands at it for the viewer.

    ``filter`` finds these records in the entity's list, ``stuck_filter`` those that are stuck;
    ``days`` says for how many days the earliest has been there, None where nothing tells.
    """

    station: StationDef
    entity: EntityDef
    count: int
    exact: bool
    stuck: int
    days: int | None
    filter: str
    stuck_filter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """The journey of one record: its stops, and at which of them it stands (None: at none)."""

    journey: JourneyDef
    stops: tuple[Stop, ...]
    current: int | None


def overview(ctx: Context, journey: JourneyDef, *, mine: bool = False) -> tuple[Stop, ...]:
    """Answer the stations of a journey with their counts; with ``mine`` of one's own records."""
    return tuple(
        _stop(
            ctx, station, entity, _both(station.when, _MINE if mine and entity.traits.owned else "")
        )
        for station, entity in _stations(ctx, journey)
    )


def journeys_of(ctx: Context, record: Record) -> Iterator[Progress]:
    """Yield the journeys that a record takes part in, with where it stands."""
    for journey in ctx.catalog.journeys:
        named = {one.entity for one in journey.stations}
        if record.entity in named | {journey.of}:
            yield _progress(ctx, journey, record)


def _progress(ctx: Context, journey: JourneyDef, record: Record) -> Progress:
    """Follow a record to whose journey it is, and ask every station for what is theirs."""
    traveller = _traveller(ctx, journey, record)
    stops = []
    for station, entity in _stations(ctx, journey):
        at: tuple[str, int] | None = None
        if traveller is None:
            at = (_ITSELF, record.id) if station.entity == record.entity else None
        elif station.entity == journey.of:
            at = (_ITSELF, traveller)
        elif _visible(ctx, entity, way := way_to(entity, station.via, journey.of)):
            at = (way, traveller)
        stops.append(_stop(ctx, station, entity, station.when, at=at, nobody=at is None))
    held = [index for index, stop in enumerate(stops) if stop.count]
    return Progress(journey=journey, stops=tuple(stops), current=held[-1] if held else None)


def _traveller(ctx: Context, journey: JourneyDef, record: Record) -> int | None:
    """Answer whose journey a record belongs to; None where it is linked to nobody's yet."""
    if record.entity == journey.of:
        return record.id
    entity = ctx.catalog.entity(record.entity)
    via = next((one.via for one in journey.stations if one.entity == record.entity), "")
    link = record.values.get(way_to(entity, via, journey.of))
    return link if isinstance(link, int) else None


def _stations(ctx: Context, journey: JourneyDef) -> Iterator[tuple[StationDef, EntityDef]]:
    """Yield the stations that the viewer may see, with their entities as they see them."""
    for station in journey.stations:
        if not ctx.catalog.has("entity", station.entity):
            continue
        try:
            if station.when:
                check_filter(ctx, station.entity, station.when)
        except LooplineError:
            continue  # its condition names what may not be seen
        yield station, ctx.catalog.entity(station.entity)


def _stop(
    ctx: Context,
    station: StationDef,
    entity: EntityDef,
    text: str,
    *,
    at: tuple[str, int] | None = None,
    nobody: bool = False,
) -> Stop:
    since = station.since if _visible(ctx, entity, station.since) else ""
    late = f"{since} < today() - {station.limit}" if since and station.limit else ""
    found = Tally(count=0, part=0, exact=True, earliest=None)
    if not nobody:
        query = TallyQuery(entity=entity.id, filter=text, part=late, earliest=since, at=at)
        found = tally(ctx, query)
    here = _both(text, f"{at[0]} == {at[1]}" if at else "")
    return Stop(
        station=station,
        entity=entity,
        count=found.count,
        exact=found.exact,
        stuck=found.part,
        days=_days(ctx, found.earliest),
        filter=here,
        stuck_filter=_both(here, late) if late else "",
    )


def _visible(ctx: Context, entity: EntityDef, field: str) -> bool:
    return bool(field) and ctx.rights.level(entity, field) in _READABLE


def _days(ctx: Context, since: Any) -> int | None:
    if isinstance(since, datetime):
        since = since.astimezone(ZoneInfo(ctx.locale.zone)).date()
    return (ctx.moment.today() - since).days if isinstance(since, date) else None


def _both(*texts: str) -> str:
    found = [text for text in texts if text]
    return "".join(found) if len(found) < 2 else " && ".join(f"({text})" for text in found)
