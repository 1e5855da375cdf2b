from datetime import date, timedelta

import pytest

import loopline.store.approvals as store
from loopline.errors import Conflict, Forbidden, NotFound, NotValid
from loopline.services.approvals import inbox
from loopline.services.people import give_roles


@pytest.fixture
def asked(desk):
    desk.seat("Ann")
    desk.seat("Eve", role="x_seller")
    desk.act("Sam", "submit")
    return desk


def last(desk):
    return desk.seats("approved")[-1]


def test_a_delegate_decides_in_ones_name(asked) -> None:
    asked.act("Ann", "delegate", to=asked.id("Eve"), comment="you know them")
    with pytest.raises(Conflict, match=r"approval\.not_open"):
        asked.act("Ann", "approve")
    asked.act("Eve", "approve")
    seat = last(asked)
    assert (seat.decided_by, seat.for_user) == (asked.id("Eve"), asked.id("Ann"))
    assert asked.state == "approved"


def test_who_was_forwarded_to_decides_for_themselves(asked) -> None:
    asked.act("Ann", "forward", to="eve@example.com")
    asked.act("Eve", "approve")
    assert last(asked).for_user is None


def test_nobody_is_seated_twice(asked) -> None:
    with pytest.raises(NotValid, match=r"approval\.seated"):
        asked.act("Ann", "delegate", to=asked.id("Ann"))


def test_a_seat_that_comes_back_by_delegation_is_decided_once(asked) -> None:
    asked.act("Ann", "delegate", to=asked.id("Eve"))
    asked.act("Eve", "delegate", to=asked.id("Ann"))
    assert asked.waiting() == ["Ann"]
    asked.act("Ann", "approve")
    assert (asked.state, last(asked).user_id) == ("approved", asked.id("Ann"))


def test_a_seat_outlives_the_owner_and_the_role(asked) -> None:
    asked.set("x_offer", asked.offer, owner=asked.id("Eve"))
    with asked.platform.write() as ctx:
        give_roles(ctx, asked.id("Ann"), ["x_seller"])
    asked.act("Ann", "approve")
    assert asked.state == "approved"


def test_a_signer_before_decides_first(asked) -> None:
    asked.act("Ann", "add_signer", to=asked.id("Eve"), place="before")
    assert asked.waiting() == ["Eve"]
    asked.act("Eve", "approve")
    assert asked.waiting() == ["Ann"]
    asked.act("Ann", "approve")
    assert asked.state == "approved"


def test_a_signer_behind_is_needed_whatever_the_mode(asked) -> None:
    asked.act("Ann", "add_signer", to=asked.id("Eve"))
    asked.act("Ann", "approve")
    assert (asked.state, asked.waiting()) == ("pending", ["Eve"])
    asked.act("Eve", "reject", comment="no")
    assert asked.state == "rejected"


def test_only_who_asked_withdraws(asked) -> None:
    with pytest.raises(Forbidden, match=r"approval\.not_yours"):
        asked.act("Ann", "withdraw")
    asked.act("Sam", "withdraw", comment="wrong file")
    assert (asked.state, asked.waiting()) == ("withdrawn", [])


class TestAway:
    @pytest.fixture
    def away(self, asked):
        asked.add(
            "absence",
            user=asked.id("Ann"),
            substitute=asked.id("Eve"),
            **{"from": date(2026, 1, 6), "until": date(2026, 1, 8)},
        )
        return asked

    def test_a_substitute_acts_from_the_first_day(self, away, clock) -> None:
        with pytest.raises(Forbidden, match=r"approval\.not_asked"):
            away.act("Eve", "approve")
        clock.move(timedelta(days=1))
        away.act("Eve", "approve")
        seat = last(away)
        assert (seat.user_id, seat.decided_by) == (away.id("Ann"), away.id("Eve"))
        assert away.state == "approved"

    def test_and_not_after_the_last(self, away, clock) -> None:
        clock.move(timedelta(days=4))
        with pytest.raises(Forbidden, match=r"approval\.not_asked"):
            away.act("Eve", "approve")

    def test_the_trail_says_for_whom(self, away, clock) -> None:
        clock.move(timedelta(days=1))
        away.act("Eve", "approve")
        with away.platform.read() as ctx:
            events = store.events_of(ctx.connection, [away.requests()[0].id])
        acted = next(one for one in events if one.act == "approve")
        assert (acted.actor, acted.for_user) == (away.id("Eve"), away.id("Ann"))

    def test_a_substitute_does_not_decide_on_their_own_request(self, desk, clock) -> None:
        desk.seat("Ann")
        desk.act("Sam", "submit")
        today = date(2026, 1, 5)
        away = {"user": desk.id("Ann"), "substitute": desk.id("Sam")}
        desk.add("absence", **away, **{"from": today, "until": today})
        with pytest.raises(Forbidden, match=r"approval\.own_request"):
            desk.act("Sam", "approve")
        with desk.platform.read(desk.people["Sam"]) as ctx:
            assert inbox.waiting(ctx) == []

    def test_a_substitute_of_a_substitute_acts_and_a_circle_ends(self, away, clock) -> None:
        away.seat("Bob")
        days = {"from": date(2026, 1, 6), "until": date(2026, 1, 8)}
        away.add("absence", user=away.id("Eve"), substitute=away.id("Bob"), **days)
        away.add("absence", user=away.id("Bob"), substitute=away.id("Ann"), **days)
        clock.move(timedelta(days=1))
        away.act("Bob", "approve")
        assert (last(away).user_id, away.state) == (away.id("Ann"), "approved")

    def test_who_stands_in_but_may_not_read_the_record_does_not_decide(self, away, clock) -> None:
        with away.platform.write() as ctx:
            give_roles(ctx, away.id("Eve"), [])
            away.people["Eve"] = away.platform.actor(ctx.connection, away.id("Eve"))
        clock.move(timedelta(days=1))
        with pytest.raises((Forbidden, NotFound)):
            away.act("Eve", "approve")
