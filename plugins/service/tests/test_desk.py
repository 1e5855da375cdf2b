"""The desk: tickets where whoever looks expects them, and one click to take what nobody owns."""

from collections.abc import Callable
from typing import Any

import pytest

from loopline.sdk import PageRequest
from loopline_service.desk import show


@pytest.fixture
def desk(platform) -> Callable[[Any], dict[str, list[str]]]:
    """Answer what reads the tickets on somebody's desk, by part."""

    def read(who) -> dict[str, list[str]]:
        with platform.read(who) as ctx:
            found = show(ctx.contexts("service"), PageRequest(method="GET")).context["parts"]
        return {part["name"]: [row["title"] for row in part["rows"]] for part in found}

    return read


@pytest.fixture
def free(ticket, api, make_record) -> dict[str, int]:
    """Tickets that nobody owns, one of a category of its own, by subject."""
    valves = make_record("ticket_category", code="valves", name="Valves").id
    made = {name: ticket(subject=name) for name in ("Pump", "Seal")}
    made["Valve"] = ticket(subject="Valve", category=valves)
    for number in made.values():
        api("PATCH", f"/records/ticket/{number}", {"owner": None})
    return made


def test_tickets_lie_where_they_are_expected(free, act, api, desk, administrator) -> None:
    api("PATCH", f"/records/ticket/{free['Pump']}", {"owner": administrator.id})
    api("PATCH", f"/records/ticket/{free['Seal']}", {"owner": administrator.id})
    act("wait", free["Seal"], {"for": "customer"})
    assert desk(administrator) == {
        "mine": ["Pump"],
        "nobodys": ["Valve"],
        "soon": [],
        "waits": ["Seal"],
    }


def test_what_is_due_first_stands_first_and_turns_late(ticket, desk, later, administrator) -> None:
    ticket(subject="Later", priority="low")
    ticket(subject="First", priority="urgent")
    assert desk(administrator)["mine"] == ["First", "Later"]
    later(days=1)
    assert desk(administrator)["soon"][0] == "First"


def test_skills_say_what_is_offered(free, make_record, desk, administrator) -> None:
    valves = make_record("ticket_category", code="taps", name="Taps").id
    make_record("skill", user=administrator.id, category=valves)
    assert desk(administrator)["free"] == []


def test_a_ticket_is_taken_once(free, act, read, administrator) -> None:
    act("take", free["Pump"])
    assert read(free["Pump"])["owner"] == administrator.id
    act("take", free["Pump"], status=422)
