from decimal import Decimal

import pytest

from loopline.errors import Conflict, Forbidden, NotValid
from loopline.services.timeline import timeline


def test_one_of_several_is_enough(desk) -> None:
    desk.seat("Ann", "Bob")
    desk.act("Sam", "submit", comment="please")
    assert desk.waiting() == ["Ann", "Bob"]
    desk.act("Bob", "approve", comment="fine")
    assert desk.state == "approved"
    assert [one.state for one in desk.seats()] == ["closed", "approved"]


def test_a_second_decision_is_refused(desk) -> None:
    desk.seat("Ann", "Bob")
    desk.act("Sam", "submit")
    desk.act("Ann", "approve")
    with pytest.raises(Conflict, match=r"approval\.decided"):
        desk.act("Ann", "approve")
    with pytest.raises(Conflict, match=r"approval\.not_open"):
        desk.act("Bob", "approve")


def test_a_no_needs_a_reason(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    with pytest.raises(NotValid, match="comment"):
        desk.act("Ann", "reject")
    desk.act("Ann", "reject", comment="too much")
    assert desk.state == "rejected"


def test_who_is_not_asked_does_not_decide(desk) -> None:
    desk.seat("Ann")
    desk.seat("Eve", role="x_seller")
    desk.people["Root"] = desk.make("Root", administrator=True)
    desk.act("Sam", "submit")
    for name in ("Eve", "Root", "Sam"):
        with pytest.raises(Forbidden, match=r"approval\.not_asked"):
            desk.act(name, "approve")


def test_a_record_that_needs_none_is_not_submitted(desk) -> None:
    desk.set("x_offer", desk.offer, discount=Decimal("0.05"))
    with pytest.raises(NotValid, match=r"approval\.not_needed"):
        desk.act("Sam", "submit")


def test_what_is_pending_or_approved_is_not_submitted_again(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    with pytest.raises(Conflict, match=r"approval\.pending"):
        desk.act("Sam", "submit")
    desk.act("Ann", "approve")
    with pytest.raises(Conflict, match=r"approval\.approved"):
        desk.act("Sam", "submit")


def test_what_was_rejected_can_be_submitted_in_a_new_round(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Ann", "reject", comment="no")
    assert [one.round for one in desk.act("Sam", "submit")] == [2, 1]


def test_only_who_may_change_the_record_submits_it(desk) -> None:
    desk.seat("Ann")
    with pytest.raises(Forbidden):
        desk.act("Ann", "submit")


def test_the_acts_stand_in_the_timeline(desk) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Ann", "reject", comment="too much")
    with desk.platform.read(desk.people["Ann"]) as ctx:
        entries = timeline(ctx, "x_offer", desk.offer).entries
    told = [(one.actor_name, one.action, one.note) for one in entries]
    assert ("Ann", "approval_reject", "too much") in told
    assert told[-1][1] == "create"
