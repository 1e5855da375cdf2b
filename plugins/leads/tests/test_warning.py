"""Owners are told some days before a lead goes: once, and not of what was followed up."""

import json

import pytest

from loopline.jobs.queue import enqueue
from loopline.services.editing import update
from loopline.services.notifications import notifications
from loopline.testing.publishing import publish_documents


@pytest.fixture
def morning(platform):
    """Answer what runs the job of the morning now."""

    def run() -> None:
        with platform.write() as ctx:
            enqueue(ctx.connection, "leads.warn", {}, ctx.now)
        assert platform.worker().run_due() >= 1

    return run


@pytest.fixture
def told(platform, house):
    """Answer what reads the notices of somebody, the newest first."""

    def read(who: str) -> list[str]:
        with platform.read(house.people[who]) as ctx:
            return [one.text for one in notifications(ctx).items if one.kind == "notice"]

    return read


def test_the_owner_is_told_when_a_lead_goes_and_by_which_rule(
    house, lead, later, morning, told
) -> None:
    lead(source="expo", owner=house.id("Ann"), level="b", name="Ms He")
    later(days=7)
    morning()
    assert told("Ann") == []
    later(days=1)
    morning()
    assert told("Ann") == ["Ms He 即将回收：2026-01-16，按规则“北区”：十天未跟进"]
    assert told("Bo") == []


def test_the_same_is_told_once(house, lead, later, morning, told) -> None:
    lead(source="expo", owner=house.id("Ann"), level="b")
    later(days=8)
    morning()
    later(days=1)
    morning()
    assert len(told("Ann")) == 1


def test_what_was_followed_up_goes_later_and_is_told_anew(
    house, lead, later, morning, told, platform
) -> None:
    one = lead(source="expo", owner=house.id("Ann"), level="b").id
    later(days=8)
    morning()
    with platform.write(via="api") as ctx:
        update(ctx, "lead", one, {"last_follow_up": ctx.now, "status": "qualified"})
    later(days=5)
    morning()
    assert len(told("Ann")) == 1
    later(days=4)
    morning()
    assert len(told("Ann")) == 2


def test_many_are_told_in_one_line(house, lead, later, morning, told) -> None:
    for _ in range(6):
        lead(source="expo", owner=house.id("Ann"), level="b")
    later(days=8)
    morning()
    assert told("Ann") == ["您的 6 条线索即将回收，见“即将回收”页"]


def test_a_changed_rule_is_told_at_once(house, lead, later, told, platform) -> None:
    lead(source="expo", owner=house.id("Ann"), level="b", name="Ms He")
    later(days=5)
    platform.worker().run_due()
    assert told("Ann") == []
    changed = {"kind": "pool_rule", "id": "north_rule", "extend": True}
    sooner = {**changed, "recycle": {"idle": {"days": 6}}}
    publish_documents(platform, json.dumps(sooner))
    while platform.worker().run_due():
        pass
    assert len(told("Ann")) == 1
