"""The shelf of rewards: what is left, what a member can have, and why not more."""

from collections.abc import Callable
from typing import Any

import pytest

from loopline.sdk import PageRequest, Showing
from loopline_loyalty.shelf import panels, show


@pytest.fixture
def shelf(platform, administrator, member) -> Callable[[], dict[str, Any]]:
    """Answer what reads the rows of the shelf, by the name of the reward."""

    def read() -> dict[str, Any]:
        with platform.read(administrator) as ctx:
            request = PageRequest(method="GET", path={"id": str(member)})
            rows = show(ctx.contexts("loyalty"), request).context["rows"]
        return {row["name"]: row for row in rows}

    return read


@pytest.fixture
def rewards(api, act, member) -> dict[str, int]:
    act("member", member, "adjust", {"points": 100, "reason": "welcome"})
    given = {
        "Mug": {"points": 30, "stock": 2},
        "Pen": {"points": 10, "limit_per_member": 1},
        "Car": {"points": 900},
        "Old": {"points": 1, "ends": "2020-01-01"},
    }
    return {
        name: api("POST", "/records/reward", {"name": name, **values})["id"]
        for name, values in given.items()
    }


def test_it_tells_what_is_left_and_how_many_may_be_had(rewards, shelf) -> None:
    found = {name: (row["left"], row["most"]) for name, row in shelf().items()}
    assert found == {"Pen": (None, 1), "Mug": (2, 2), "Car": (None, 0)}


def test_it_says_why_a_reward_is_not_to_be_had(rewards, shelf, act, member) -> None:
    act("member", member, "redeem", {"reward": rewards["Mug"], "quantity": 2})
    act("member", member, "redeem", {"reward": rewards["Pen"]})
    why = {name: row["why"] for name, row in shelf().items()}
    assert why == {"Mug": "已兑完", "Pen": "已达每人限兑", "Car": "还差 870 分"}


def test_a_box_beside_members_leads_there(rewards, platform, administrator, member) -> None:
    with platform.read(administrator) as ctx:
        event = Showing(entity="member", id=member, values={})
        (box,) = panels(ctx.contexts("loyalty"), event)
    assert box.lines == (("Pen", "10"), ("Mug", "30"))
    assert box.href == f"/loyalty/members/{member}/rewards"
