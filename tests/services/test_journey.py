"""Journeys: what stands at each station, for whom, and where one record stands."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from kit.conversion_site import SITE
from kit.faults import fault
from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.services.actions import run_action
from loopline.services.journey import Progress, Stop, journeys_of, overview
from loopline.services.records import get
from loopline.testing.fixtures import AsUser, MakeRecord

STATIONS = ["asked", "known", "busy", "over"]


@pytest.fixture
def site_documents() -> str:
    return SITE


def _overview(platform: Platform, actor: Actor = SYSTEM, *, mine: bool = False) -> Sequence[Stop]:
    with platform.read(actor) as ctx:
        (journey,) = ctx.catalog.journeys
        return overview(ctx, journey, mine=mine)


def _progress(platform: Platform, entity: str, record: int, actor: Actor = SYSTEM) -> Progress:
    with platform.read(actor) as ctx:
        (found,) = journeys_of(ctx, get(ctx, entity, record))
        return found


def test_each_station_counts_what_stands_at_it_and_what_is_stuck(
    platform: Platform, make_record: MakeRecord, clock: FixedClock
) -> None:
    today = clock.now().date()
    for days in (0, 5, 6, 40):
        make_record("x_enquiry", who=f"E{days}", since=today - timedelta(days=days))
    make_record("x_enquiry", who="Gone", state="void")
    stops = {one.station.id: one for one in _overview(platform)}
    assert list(stops) == STATIONS
    asked = stops["asked"]
    assert (asked.count, asked.stuck, asked.days, stops["over"].count) == (4, 2, 40, 0)
    assert asked.stuck_filter == '(state == "open") && (since < today() - 5)'


def test_a_station_asks_the_database_once(platform: Platform, make_record: MakeRecord) -> None:
    make_record("x_enquiry", who="E")
    with platform.read() as ctx:
        (journey,) = ctx.catalog.journeys
        with fault(platform.database.engine, "before", 0) as statements:
            overview(ctx, journey)
    assert statements.seen == len(STATIONS)


def test_only_what_the_viewer_may_see_is_counted(
    platform: Platform, make_record: MakeRecord, as_user: AsUser
) -> None:
    asker = as_user("Asker", roles=("x_asker",))
    make_record("x_enquiry", who="Mine", owner=asker.id)
    make_record("x_enquiry", who="Theirs")
    assert [(s.station.id, s.count) for s in _overview(platform, asker)] == [
        ("asked", 1),
        ("known", 0),
    ]
    boss = as_user("Boss", administrator=True)
    assert _overview(platform, boss)[0].count == 2
    assert _overview(platform, boss, mine=True)[0].count == 0


def test_a_record_stands_at_the_furthest_station_that_holds_something_of_its_own(
    platform: Platform, make_record: MakeRecord
) -> None:
    asked = make_record("x_enquiry", who="Acme")
    before = _progress(platform, "x_enquiry", asked.id)
    with platform.write() as ctx:
        settings = {"targets": {"job": True}}
        made = run_action(ctx, "x_enquiry", [asked.id], "convert", settings).data
    make_record("x_job", name="Another's", closed=True)
    for entity, number in (
        ("x_enquiry", asked.id),
        ("x_firm", made["firm"]["id"]),
        ("x_job", made["job"]["id"]),
    ):
        now = _progress(platform, entity, number)
        assert (now.current, [stop.count for stop in now.stops]) == (2, [0, 1, 1, 0])
    assert (before.current, [stop.count for stop in before.stops]) == (0, [1, 0, 0, 0])


def test_a_record_that_stands_nowhere_says_so(platform: Platform, make_record: MakeRecord) -> None:
    asked = make_record("x_enquiry", who="Acme", state="void")
    assert _progress(platform, "x_enquiry", asked.id).current is None


def test_what_has_no_part_in_any_journey_has_none(
    platform: Platform, make_record: MakeRecord
) -> None:
    thing = make_record("x_thing", name="Thing")
    with platform.read() as ctx:
        assert list(journeys_of(ctx, get(ctx, "x_thing", thing.id))) == []
