"""Promised times: by policy, told as they come and pass, counted anew when opened again."""

from dataclasses import replace
from datetime import datetime

import pytest

from loopline.sdk import Showing
from loopline.services.notifications import notifications
from loopline_service.plugin import panels


@pytest.fixture
def agent(as_user, api):
    boss, ann = as_user("Boss"), as_user("Ann")
    api("PATCH", f"/records/user/{ann.id}", {"manager": boss.id})
    return ann, boss


@pytest.fixture
def urgent(ticket, agent, at) -> int:
    """A ticket of Monday 09:00 that is to be solved by 18:00."""
    at("2026-03-02 09:00")
    return ticket(priority="urgent", owner=agent[0].id)


@pytest.fixture
def running(api):
    """Answer the clocks that run on a ticket, with their ends."""

    def read(number: int) -> dict[str, dict]:
        found = api("GET", f"/records/ticket/{number}/clocks")["items"]
        return {one["clock"]: one for one in found if not one["finished_at"]}

    return read


@pytest.fixture
def notices(platform):
    """Answer what kinds of notifications somebody has."""

    def read(who) -> list[str]:
        with platform.read(who) as ctx:
            return [one.kind for one in notifications(ctx).items if one.kind == "clock"]

    return read


def test_the_clocks_end_when_the_ticket_says(urgent, read, running) -> None:
    found, clocks = read(urgent), running(urgent)
    names = {"ticket_first_response": "first_response_due", "ticket_resolution": "resolve_due"}
    for clock, field in names.items():
        promised = datetime.fromisoformat(found[field])
        assert datetime.fromisoformat(clocks[clock]["due_at"]) == promised


def test_a_greater_priority_shortens_the_promise(ticket, read, api, at) -> None:
    at("2026-03-02 09:00")
    number = ticket(priority="normal")
    api("PATCH", f"/records/ticket/{number}", {"priority": "urgent"})
    assert read(number)["resolve_due"].startswith("2026-03-02T10:00")


def test_nobody_writes_promised_times(ticket, read, api) -> None:
    number = ticket()
    before = read(number)["resolve_due"]
    api("PATCH", f"/records/ticket/{number}", {"resolve_due": "2030-01-01T00:00:00Z"}, 422)
    assert read(number)["resolve_due"] == before


@pytest.fixture
def answered(urgent, act) -> int:
    act("reply", urgent, {"text": "We look into it."})
    return urgent


def test_the_owner_is_warned_before_the_end(answered, agent, read, at, later, notices) -> None:
    at("2026-03-02 16:00")
    later(minutes=1)
    assert read(answered)["level"] == "first_line"
    assert notices(agent[0]) == ["clock"]


def test_late_tickets_go_to_experts(answered, agent, read, at, later, make_record) -> None:
    make_record("skill", user=agent[1].id, level="expert")
    at("2026-03-02 18:00")
    later(minutes=1)
    found = read(answered)
    assert (found["level"], found["owner"]) == ("expert", agent[1].id)


def test_managers_are_told_of_late_tickets(answered, agent, at, later, notices) -> None:
    at("2026-03-02 18:00")
    later(minutes=1)
    assert "clock" in notices(agent[1])


def test_a_late_first_response_escalates(urgent, read, at, later) -> None:
    at("2026-03-02 10:00")
    later(minutes=1)
    assert read(urgent)["level"] == "expert"


def test_waiting_lets_the_time_stand_still(urgent, act, read, at, later, running) -> None:
    act("reply", urgent, {"text": "Which pump?", "wait": True})
    at("2026-03-04 12:00")
    later(minutes=1)
    assert read(urgent)["level"] == "first_line"
    assert running(urgent)["ticket_resolution"]["state"] == "paused"


def test_what_is_opened_again_is_counted_anew(urgent, act, read, at) -> None:
    act("solve", urgent, {"solution": "New seal"})
    at("2026-03-05 09:00")
    act("reopen", urgent, {"reason": "It leaks"})
    found = read(urgent)
    assert (found["reopened"], found["resolve_due"][:16]) == (1, "2026-03-05T10:00")


def test_what_nobody_comes_back_to_is_closed(urgent, act, read, at, later) -> None:
    act("solve", urgent, {"solution": "New seal"})
    at("2026-03-09 09:00")
    later(minutes=1)
    assert read(urgent)["status"] == "closed"


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", {"周一 03-02": "09:00–12:00、13:30–18:00", "应解决": "2026-03-02 18:00"}),
        ("en", {"Mon 03-02": "09:00–12:00, 13:30–18:00", "To be solved by": "2026-03-02 18:00"}),
    ],
)
def test_the_page_says_how_the_time_was_counted(urgent, platform, agent, language, told) -> None:
    with platform.read(replace(agent[1], language=language)) as ctx:
        _, panel = panels(ctx.contexts("service"), Showing(entity="ticket", id=urgent))
    assert told.items() <= dict(panel.lines).items()
