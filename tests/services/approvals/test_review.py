"""Who was asked and can decide no more: found, told, asked again."""

from datetime import date, timedelta

import pytest

from loopline.services.people import give_roles


@pytest.fixture
def asked(desk):
    desk.people["Root"] = desk.make("Root", administrator=True)
    desk.seat("Ann")
    desk.act("Sam", "submit")
    return desk


def test_the_only_approver_made_inactive_is_found_at_once(asked) -> None:
    asked.set("user", asked.id("Ann"), active=False)
    asked.work()
    assert asked.acts()[-1] == "stuck"
    assert {("Root", "stuck"), ("Sam", "stuck")} <= set(asked.told())
    asked.seat("Bob")
    asked.act("Sam", "retry")
    assert asked.waiting() == ["Bob"]


def test_a_role_that_was_taken_is_found_within_the_hour(asked, clock) -> None:
    with asked.platform.write() as ctx:
        give_roles(ctx, asked.id("Ann"), [])
    clock.move(timedelta(hours=1))
    asked.work()
    assert asked.acts()[-1] == "stuck"


def test_others_who_can_decide_keep_it_going(asked) -> None:
    asked.seat("Bob")
    asked.act("Ann", "add_signer", to=asked.id("Bob"), place="before")
    asked.act("Bob", "approve")
    asked.set("user", asked.id("Bob"), active=False)
    asked.work()
    assert asked.acts()[-1] == "approve"
    asked.act("Ann", "approve")
    assert asked.state == "approved"


def test_a_substitute_keeps_it_going_too(asked) -> None:
    asked.seat("Bob")
    days = {"from": date(2026, 1, 5), "until": date(2026, 1, 9)}
    asked.add("absence", user=asked.id("Ann"), substitute=asked.id("Bob"), **days)
    asked.set("user", asked.id("Ann"), active=False)
    asked.work()
    assert "stuck" not in asked.acts()
    asked.act("Bob", "approve")
    assert asked.state == "approved"
