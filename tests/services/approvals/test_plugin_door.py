"""What plugins ask about approvals, and ask for."""

from decimal import Decimal

import pytest

from loopline.errors import Forbidden, NotFound, NotValid
from loopline.services.plugin_context import plugin_context


def door(ctx):
    return plugin_context(ctx, "acme").approvals


@pytest.fixture
def look(desk):
    """Answer what tells how the one approval stands, seen by somebody."""

    def look(name: str = "Sam"):
        with desk.platform.read(desk.people[name]) as ctx:
            (found,) = door(ctx).of("x_offer", desk.offer)
        return found

    return look


def test_what_is_needed_and_not_asked_for_is_told(desk, look) -> None:
    found = look()
    assert (found.approval, found.state, found.needed, found.covered) == (
        "x_discount", "", True, False,
    )  # fmt: skip
    with desk.platform.read(desk.people["Sam"]) as ctx:
        assert door(ctx).missing("x_offer", desk.offer) == (found,)


def test_it_is_asked_for_with_the_rights_of_who_acts(desk, look) -> None:
    desk.seat("Ann")
    with desk.platform.write(desk.people["Ann"]) as ctx, pytest.raises(Forbidden):
        door(ctx).submit("x_offer", desk.offer)
    with desk.platform.write(desk.people["Sam"]) as ctx:
        (found,) = door(ctx).submit("x_offer", desk.offer, comment="please")
    assert (found.state, found.round, found.waiting) == ("pending", 1, (desk.id("Ann"),))
    assert found.submitted_by == desk.id("Sam")
    desk.act("Ann", "approve", comment="fine")
    found = look()
    (seat,) = found.steps[0].seats
    assert (found.state, found.covered, found.waiting) == ("approved", True, ())
    assert (seat.decided_by, seat.comment) == (desk.id("Ann"), "fine")


def test_what_needs_none_cannot_be_asked_for(desk) -> None:
    desk.set("x_offer", desk.offer, discount=Decimal("0.05"))
    with desk.platform.write(desk.people["Sam"]) as ctx:
        assert door(ctx).of("x_offer", desk.offer) == ()
        with pytest.raises(NotValid, match=r"approval\.not_needed"):
            door(ctx).submit("x_offer", desk.offer)


def test_a_change_takes_the_cover_away(desk, look) -> None:
    desk.seat("Ann")
    desk.act("Sam", "submit")
    desk.act("Ann", "approve")
    desk.set("x_offer", desk.offer, discount=Decimal("0.3"))
    found = look()
    assert (found.state, found.round, found.covered) == ("pending", 2, False)


def test_who_may_not_read_the_record_is_told_nothing(desk) -> None:
    desk.people["Out"] = desk.make("Out", roles=())
    with desk.platform.read(desk.people["Out"]) as ctx, pytest.raises(NotFound):
        door(ctx).of("x_offer", desk.offer)
