"""Following up: day 3 reminds, day 5 tells the manager, day 7 passes on; activities start anew."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.jobs.schedule import Schedule
from loopline.jobs.tables import mail
from loopline.services.editing import update
from loopline.testing import publish_documents

RULE = """
kind: assignment
id: x_rule
format: 1
label: {zh: 甲, en: One}
entity: lead
method: fixed
to: {a: {users: ["ann@example.com", "bo@example.com"]}}
"""
SOONER = """
kind: clock
id: lead_follow_up
extend: true
due: P2D
"""


@pytest.fixture
def wait(platform, later):
    """Answer what lets hours pass and has the worker do what is due."""

    def pass_by(**span: float) -> None:
        later(**span)
        Schedule(platform.database, platform.recurring).enqueue_due(platform.clock.now())
        platform.worker().run_due()

    return pass_by


@pytest.fixture
def mailed(platform):
    """Answer what reads to whom mail is waiting."""

    def read() -> list[str]:
        with platform.read() as ctx:
            rows = ctx.connection.execute(sa.select(mail).order_by(mail.c.id)).mappings().all()
        return [str(row["recipients"]) for row in rows]

    return read


def _told(mailed) -> list[str]:
    return [text.split("'")[1].partition("@")[0] for text in mailed()]


@pytest.fixture
def managed(platform, house):
    """Let Cy be the manager of Ann."""
    publish_documents(platform, RULE)
    with platform.write(via="cli") as ctx:
        update(ctx, "user", house.id("Ann"), {"manager": house.id("Cy")})


def test_three_days_remind_five_tell_the_manager_and_seven_pass_on(
    managed, house, lead, wait, mailed, read
) -> None:
    one = lead()
    assert one.value("owner") == house.id("Ann")
    wait(days=3, minutes=1)
    assert _told(mailed) == ["ann"]
    wait(days=2)
    assert _told(mailed) == ["ann", "ann", "cy"]
    wait(days=2)
    assert read(one.id).value("owner") == house.id("Bo")


def test_passing_on_is_told_and_starts_the_clock_of_the_next(
    managed, house, lead, wait, log, read
) -> None:
    one = lead().id
    wait(days=7, minutes=1)
    assert (log(one)[-1]["move"], log(one)[-1]["rule"]) == ("reassign", "x_rule")
    assert str(log(one)[-1]["name_en"]).startswith("Ann did not follow up in time; Rule “One”")
    wait(days=7, minutes=1)
    assert read(one).value("owner") == house.id("Ann")


def test_without_a_rule_it_goes_to_its_pool(house, lead, act, read, log) -> None:
    one = lead(source="expo", owner=house.id("Ann")).id
    act(house.people["Root"], "pass_on", one)
    assert (read(one).value("owner"), read(one).value("pool")) == (None, house.pools["north"])
    assert "put into “north”" in str(log(one)[-1]["name_en"])


def test_the_days_are_those_of_the_document(managed, platform, house, lead, wait, read) -> None:
    publish_documents(platform, SOONER)
    one = lead().id
    wait(days=2, minutes=1)
    assert read(one).value("owner") == house.id("Bo")


def test_an_activity_is_a_follow_up_and_starts_the_days_anew(
    managed, house, lead, wait, read, make_record
) -> None:
    one = lead()
    wait(days=6)
    called = one.created_at + timedelta(days=6)
    make_record("activity", name="Called", at=called, about=f"lead:{one.id}")
    wait(minutes=1)
    now = read(one.id)
    assert (now.value("status"), now.value("last_follow_up")) == ("contacted", called)
    wait(days=2)
    assert read(one.id).value("owner") == house.id("Ann")


def test_a_planned_activity_says_when_the_next_follow_up_is(lead, wait, read, make_record) -> None:
    one = lead()
    day = one.created_at + timedelta(days=2)
    plan = {"name": "Visit", "at": day, "about": f"lead:{one.id}", "state": "planned"}
    make_record("activity", **plan)
    wait(minutes=1)
    now = read(one.id)
    assert (now.value("next_follow_up"), now.value("last_follow_up")) == (day.date(), None)
