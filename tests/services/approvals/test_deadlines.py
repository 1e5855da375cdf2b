"""Deadlines of steps, counted on a calendar, by the jobs of clocks under a clock that is moved."""

from datetime import date, timedelta

import pytest

from loopline.jobs.clock_rows import clocks_of
from loopline.services.clock_showing import record_clocks
from loopline.services.notifications import notifications

LIMIT = """
calendar: x_office
steps: {{boss: {{due: P2D, remind: PT3H, {more} approvers: {{a: {{field: owner.manager}}}}}}}}
---
kind: calendar
id: x_office
format: 1
label: {{zh: 工时, en: Office}}
zone: Asia/Shanghai
week:
  mon: {{ranges: ["09:00-18:00"]}}
  tue: {{ranges: ["09:00-18:00"]}}
  wed: {{ranges: ["09:00-18:00"]}}
  thu: {{ranges: ["09:00-18:00"]}}
  fri: {{ranges: ["09:00-18:00"]}}
"""
HOUR = timedelta(hours=1)


@pytest.fixture
def more() -> str:
    """Answer what the step says besides; override it."""
    return ""


@pytest.fixture
def approval(more: str) -> str:
    return LIMIT.format(more=more)


@pytest.fixture
def asked(desk):
    desk.people["Root"] = desk.make("Root", administrator=True)
    desk.seat("Ann", "Bob", "Eve")
    desk.set("user", desk.id("Sam"), manager=desk.id("Ann"))
    desk.set("user", desk.id("Ann"), manager=desk.id("Bob"))
    desk.act("Sam", "submit")
    return desk


def later(desk, clock, moved: timedelta) -> list[tuple[str, str]]:
    """Answer who is told what when so much time has passed and a worker has looked."""
    known = len(desk.told())
    clock.move(moved)
    desk.work()
    return desk.told()[known:]


def due(desk):
    with desk.platform.read() as ctx:
        return clocks_of(ctx.connection, "x_offer", desk.offer)[0]


def test_the_limit_is_counted_on_the_calendar_from_when_the_step_opens(asked, clock) -> None:
    running = due(asked)
    assert running.due_at - running.started_at == timedelta(days=2)
    assert "Office" in running.told["en"]


def test_who_has_not_decided_is_reminded_once_and_told_when_it_is_late(asked, clock) -> None:
    assert later(asked, clock, timedelta(days=1)) == []
    assert later(asked, clock, timedelta(hours=22)) == [("Ann", "reminder")]
    assert later(asked, clock, HOUR) == []
    assert later(asked, clock, HOUR) == [("Sam", "overdue"), ("Ann", "overdue")]
    assert later(asked, clock, timedelta(days=9)) == []
    assert (asked.waiting(), due(asked).state) == (["Ann"], "breached")


def test_the_record_shows_until_when(asked) -> None:
    with asked.platform.read(asked.people["Sam"]) as ctx:
        (shown,) = record_clocks(ctx, "x_offer", asked.offer, ended=False)
    assert shown.definition.label.to("en") == "Discount · Boss"
    assert "工时" in shown.told


def test_the_page_of_notifications_tells_it(asked, clock) -> None:
    later(asked, clock, timedelta(days=3))
    with asked.platform.read(asked.people["Ann"]) as ctx:
        texts = [one.text for one in notifications(ctx).items]
    assert texts[0] == "Pumps 的审批“折扣审批”已超过时限"
    assert texts[1] == "Pumps 仍在等您审批，时限将到"


def test_a_substitute_is_reminded_as_well(asked, clock) -> None:
    days = {"from": date(2026, 1, 5), "until": date(2026, 1, 9)}
    asked.add("absence", user=asked.id("Ann"), substitute=asked.id("Eve"), **days)
    told = later(asked, clock, timedelta(hours=46))
    assert told == [("Ann", "reminder"), ("Eve", "reminder")]


def test_what_is_decided_in_time_tells_nobody(asked, clock) -> None:
    asked.act("Ann", "approve")
    assert due(asked).state == "met"
    assert later(asked, clock, timedelta(days=9)) == []


class TestEscalating:
    @pytest.fixture
    def more(self) -> str:
        return "escalate: true,"

    def test_it_goes_to_the_manager_and_the_limit_runs_anew(self, asked, clock) -> None:
        told = later(asked, clock, timedelta(days=2))[-3:]
        assert told == [("Sam", "overdue"), ("Ann", "escalated"), ("Bob", "asked")]
        assert (asked.waiting(), due(asked).state) == (["Bob"], "running")
        assert "escalate" in asked.acts()
        asked.act("Bob", "approve")
        assert asked.state == "approved"

    def test_above_whom_nobody_is_keeps_it_and_administrators_are_told(self, asked, clock) -> None:
        later(asked, clock, timedelta(days=2))
        told = later(asked, clock, timedelta(days=2))
        assert told[-2:] == [("Bob", "overdue"), ("Root", "overdue")]
        assert asked.waiting() == ["Bob"]

    def test_it_does_not_go_to_whoever_asked(self, asked, clock) -> None:
        asked.set("user", asked.id("Ann"), manager=asked.id("Sam"))
        asked.set("user", asked.id("Sam"), manager=asked.id("Bob"))
        later(asked, clock, timedelta(days=2))
        assert asked.waiting() == ["Bob"]
