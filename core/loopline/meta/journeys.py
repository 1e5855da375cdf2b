"""Documents of kind journey: the stations of a line, and whose journey it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from loopline.errors import Problem
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

SINCE: Final = "updated_at"
"""From when on days at a station count where it names no field."""
_DATED: Final = frozenset({"date", "datetime"})


@dataclass(frozen=True, kw_only=True, slots=True)
class StationDef:
    """A station: the records of an entity for which ``when`` holds, blank for all.

    ``since`` is the field from which its days count, ``limit`` how many of them a record may stay
    before it is stuck (None: any), ``via`` the link that leads to whose journey it is.
    """

    id: str
    label: Label
    entity: str
    when: str
    via: str
    line: str
    icon: str
    since: str
    limit: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JourneyDef:
    """A journey of the records of the entity ``of``: its stations in order."""

    id: str
    label: Label
    of: str
    pos: float
    stations: tuple[StationDef, ...]


class Entities(Protocol):
    """Where entities are found."""

    def has(self, kind: str, name: str) -> bool:
        """Whether a document is there."""
        ...

    def entity(self, name: str) -> EntityDef:
        """Answer an entity."""
        ...


def build_journey(name: str, body: Body) -> JourneyDef:
    """Build a journey from its resolved document; a station without entity is none."""
    return JourneyDef(
        id=name,
        label=body.named(name),
        of=body.text("of"),
        pos=body.pos,
        stations=tuple(
            _build_station(station, one)
            for station, one in body.elements("stations")
            if "entity" in one and not one.flag("hidden")
        ),
    )


def _build_station(name: str, body: Body) -> StationDef:
    return StationDef(
        id=name,
        label=body.label("label"),
        entity=body.text("entity"),
        when=body.text("when"),
        via=body.text("via"),
        line=body.text("line"),
        icon=body.text("icon"),
        since=body.text("since", SINCE),
        limit=body.size("limit"),
    )


def way_to(entity: EntityDef, station_via: str, of: str) -> str:
    """Answer the link of a station's entity to whose journey it is; blank where there is none."""
    if station_via:
        return station_via
    return next((one.id for one in entity.links if one.to == of), "")


def journey_problems(journey: JourneyDef, entities: Entities) -> Iterator[Problem]:
    """Yield what is wrong with a journey that its schema cannot tell."""
    for station in journey.stations:
        place = f"stations.{station.id}"
        if not entities.has("entity", station.entity):
            continue  # told as a reference
        entity = entities.entity(station.entity)
        since = entity.field(station.since)
        if since is not None and since.type not in _DATED:
            yield Problem(f"{place}.since", "journey.no_date", {"field": since.id})
        via = entity.field(way_to(entity, station.via, journey.of))
        if station.entity != journey.of and (via is None or via.to != journey.of):
            params = {"entity": station.entity, "of": journey.of}
            yield Problem(f"{place}.via", "journey.no_way", params)
