from decimal import Decimal

import pytest

from loopline.errors import Conflict, NotValid
from loopline.services import lines
from loopline.services.bin import delete

BOTH = "steps: {chiefs: {mode: all, approvers: {a: {role: x_chief}}}}"


@pytest.fixture
def approval() -> str:
    return BOTH


@pytest.fixture
def asked(desk):
    desk.seat("Ann", "Bob")
    desk.act("Sam", "submit")
    return desk


def test_a_change_between_two_decisions_voids_and_asks_again(asked) -> None:
    asked.act("Ann", "approve")
    asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
    assert [(one.round, one.state) for one in asked.requests()] == [(2, "pending"), (1, "voided")]
    assert asked.waiting() == ["Ann", "Bob"]
    assert ("Ann", "voided") in asked.told()
    asked.act("Ann", "approve")
    asked.act("Bob", "approve")
    assert asked.state == "approved"


def test_a_change_after_approval_voids_it_too(asked) -> None:
    asked.act("Ann", "approve")
    asked.act("Bob", "approve")
    asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
    assert [one.state for one in asked.requests()] == ["pending", "voided"]
    assert {("Ann", "voided"), ("Bob", "voided"), ("Sam", "voided")} <= set(asked.told())


def test_a_change_that_needs_no_approval_any_more_is_not_asked_again(asked) -> None:
    asked.set("x_offer", asked.offer, discount=Decimal("0.05"))
    assert [one.state for one in asked.requests()] == ["voided"]
    assert asked.acts()[-1] == "not_needed"


def test_other_fields_may_change(asked) -> None:
    asked.set("x_offer", asked.offer, note="call them")
    asked.set("x_offer", asked.offer, discount=Decimal("0.20"))
    assert [one.state for one in asked.requests()] == ["pending"]


def test_the_seat_of_a_voided_request_decides_nothing(asked) -> None:
    old = asked.seats("waiting")[0]
    asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
    with pytest.raises(Conflict, match=r"approval\.voided"):
        asked.act("Ann", "approve", seat=old.id)
    assert asked.state == "pending"


def test_a_changed_line_voids_as_well(asked) -> None:
    with asked.platform.write(asked.people["Sam"]) as ctx:
        lines.update(ctx, "x_offer", asked.offer, {"lines": [{"what": "pump", "count": 2}]})
    assert [one.state for one in asked.requests()] == ["pending", "voided"]
    line = asked.requests()[0].locked["lines"][0]["id"]
    asked.set("x_offer_line", line, count=3)
    assert [one.round for one in asked.requests()] == [3, 2, 1]


def test_a_deletion_withdraws(asked) -> None:
    with asked.platform.write(asked.people["Sam"]) as ctx:
        delete(ctx, "x_offer", asked.offer)
    assert asked.state == "withdrawn"


class TestRefusing:
    @pytest.fixture
    def approval(self) -> str:
        return f"while_pending: refuse\n{BOTH}"

    def test_a_pending_request_keeps_the_fields(self, asked) -> None:
        with pytest.raises(NotValid, match=r"fields\.discount: approval\.locked"):
            asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
        asked.set("x_offer", asked.offer, note="call them")
        assert asked.state == "pending"

    def test_a_line_is_kept_too(self, asked) -> None:
        with pytest.raises(NotValid, match=r"fields\.lines: approval\.locked"):
            asked.add("x_offer_line", offer=asked.offer, what="pump")

    def test_an_approved_one_is_voided(self, asked) -> None:
        asked.act("Ann", "approve")
        asked.act("Bob", "approve")
        asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
        assert [one.state for one in asked.requests()] == ["pending", "voided"]
