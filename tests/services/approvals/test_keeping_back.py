"""Values that a record holds only while an approved request covers it."""

from decimal import Decimal

import pytest

from loopline.errors import NotValid
from loopline.services import lines
from loopline.services.editing import update, update_many
from loopline.services.records import create

KEPT = """
before: {field: status, to: [approved, sent]}
steps: {chief: {approvers: {a: {role: x_chief}}}}
"""
DEAR, CHEAP = Decimal("0.2"), Decimal("0.05")


@pytest.fixture
def approval() -> str:
    return KEPT


@pytest.fixture
def approved(desk):
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Ann", "approve")
    return desk


def send(desk, **more: object) -> None:
    with desk.platform.write(desk.people["Sam"]) as ctx:
        update(ctx, "x_offer", desk.offer, {"status": "sent", **more})


def test_over_the_limit_it_waits_for_the_approval(desk) -> None:
    desk.seat("Ann")
    with pytest.raises(NotValid, match=r"fields\.status: approval\.before"):
        send(desk)
    desk.act("Sam", "submit")
    with pytest.raises(NotValid, match=r"approval\.before_pending"):
        send(desk)
    desk.act("Ann", "approve")
    send(desk)
    assert desk.value("status") == "sent"


def test_the_system_and_bulk_changes_are_kept_back_too(desk) -> None:
    with pytest.raises(NotValid, match=r"approval\.before"):
        desk.set("x_offer", desk.offer, status="sent")
    with desk.platform.write(desk.people["Sam"]) as ctx:
        (found,) = update_many(ctx, "x_offer", {desk.offer: {"status": "sent"}}).values()
    assert [one.code for one in found] == ["approval.before"]


def test_within_the_limit_nothing_is_kept_back(desk) -> None:
    desk.set("x_offer", desk.offer, discount=CHEAP)
    send(desk)
    assert desk.value("status") == "sent"


def test_an_approval_does_not_cover_what_changes_with_it_or_after_it(approved) -> None:
    with pytest.raises(NotValid, match=r"approval\.before"):
        send(approved, discount=Decimal("0.3"))
    approved.set("x_offer", approved.offer, discount=Decimal("0.3"))
    assert [one.state for one in approved.requests()] == ["pending", "voided"]
    with pytest.raises(NotValid, match=r"approval\.before_pending"):
        send(approved)


def test_what_was_sent_stays_as_it_was_approved(approved) -> None:
    send(approved)
    with pytest.raises(NotValid, match=r"fields\.discount: approval\.before_change"):
        approved.set("x_offer", approved.offer, discount=Decimal("0.3"))
    approved.set("x_offer", approved.offer, note="they called")
    approved.set("x_offer", approved.offer, discount=Decimal("0.3"), status="draft")
    assert approved.state == "pending"


def test_a_line_does_not_change_what_was_sent(approved) -> None:
    send(approved)
    with pytest.raises(NotValid, match=r"approval\.before_change"):
        approved.add("x_offer_line", offer=approved.offer, what="pump", count=1)


def test_what_was_sent_within_the_limit_does_not_leave_it(desk) -> None:
    desk.set("x_offer", desk.offer, discount=CHEAP)
    send(desk)
    with pytest.raises(NotValid, match=r"fields\.discount: approval\.before_change"):
        desk.set("x_offer", desk.offer, discount=DEAR)
    desk.set("x_offer", desk.offer, discount=Decimal("0.08"))
    assert desk.value("discount") == Decimal("0.08")


def test_a_new_record_or_a_copy_has_no_approval(approved) -> None:
    send(approved)
    with approved.platform.write(approved.people["Sam"]) as ctx:
        with pytest.raises(NotValid, match=r"fields\.status: approval\.before"):
            create(ctx, "x_offer", {"name": "Copy", "discount": DEAR, "status": "sent"})
        create(ctx, "x_offer", {"name": "Copy", "discount": CHEAP, "status": "sent"})


class TestLinesThatDecide:
    """An approval whose condition reads a roll-up over the lines."""

    @pytest.fixture
    def condition(self) -> str:
        return "total > 10"

    def test_lines_do_not_lead_past_it(self, desk) -> None:
        with desk.platform.write(desk.people["Sam"]) as ctx:
            lines.update(ctx, "x_offer", desk.offer, {"lines": [{"what": "pump", "count": 9}]})
        send(desk)
        with pytest.raises(NotValid, match=r"approval\.before_change"):
            desk.add("x_offer_line", offer=desk.offer, what="pipe", count=2)

    def test_nor_do_they_in_one_go_with_the_value(self, desk) -> None:
        rows = [{"what": "pump", "count": 11}]
        given = {"name": "New", "status": "sent", "lines": rows}
        with (
            pytest.raises(NotValid, match=r"approval\.before_change"),
            desk.platform.write(desk.people["Sam"]) as ctx,
        ):
            lines.create(ctx, "x_offer", given)


class TestGoingBack:
    """An approval that takes the value back itself when it is voided."""

    @pytest.fixture
    def approval(self) -> str:
        return f"on_voided: {{set: {{status: draft}}}}{KEPT}"

    def test_a_change_takes_the_record_back_and_asks_again(self, approved) -> None:
        send(approved)
        approved.set("x_offer", approved.offer, discount=Decimal("0.3"))
        assert (approved.value("status"), approved.state) == ("draft", "pending")

    def test_so_does_a_line(self, approved) -> None:
        send(approved)
        approved.add("x_offer_line", offer=approved.offer, what="pump", count=1)
        assert (approved.value("status"), approved.state) == ("draft", "pending")
