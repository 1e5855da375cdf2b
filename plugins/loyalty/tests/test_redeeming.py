"""Redeeming: bounded by balance, stock and limit, also at once; cancelling gives back."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from loopline.errors import NotValid
from loopline.services.actions import run_action


@pytest.fixture
def rich(act, member) -> int:
    act("member", member, "adjust", {"points": 100, "reason": "welcome"})
    return member


@pytest.fixture
def reward(api):
    def make(**values: object) -> int:
        return api("POST", "/records/reward", {"name": "Mug", "points": 30, **values})["id"]

    return make


def test_a_reward_costs_its_points(api, act, rich, reward, points) -> None:
    made = act("member", rich, "redeem", {"reward": reward(stock=5), "quantity": 2})["record"]
    found = api("GET", f"/records/redemption/{made['id']}")
    assert (found["points"], found["status"], points()) == (60, "requested", 40)
    assert api("GET", "/records/reward/1")["left"] == 3


@pytest.mark.parametrize(
    ("values", "quantity"),
    [
        ({}, 4),
        ({"stock": 1}, 2),
        ({"limit_per_member": 1}, 2),
        ({"active": False}, 1),
        ({"starts": "2026-02-01"}, 1),
        ({"ends": "2026-01-01"}, 1),
    ],
)
def test_what_cannot_be_had_is_refused(act, rich, reward, points, values, quantity) -> None:
    act("member", rich, "redeem", {"reward": reward(**values), "quantity": quantity}, 422)
    assert points() == 100


def test_cancelling_gives_the_points_back_once(api, act, rich, reward, points) -> None:
    act("member", rich, "redeem", {"reward": reward(limit_per_member=1)})
    api("PATCH", "/records/redemption/1", {"quantity": 2}, 422)
    api("DELETE", "/records/redemption/1", status=422)
    api("PATCH", "/records/redemption/1", {"status": "cancelled"})
    api("PATCH", "/records/redemption/1", {"status": "requested"}, 422)
    assert points() == 100
    act("member", rich, "redeem", {"reward": 1})


def test_a_redemption_made_as_a_record_is_booked_alike(api, rich, reward, points) -> None:
    body = {"member": rich, "reward": reward(), "quantity": 3}
    api("POST", "/records/redemption", body)
    api("POST", "/records/redemption", {**body, "quantity": 1}, 422)
    assert points() == 10


def test_several_at_once_do_not_spend_what_is_not_there(platform, rich, reward, points) -> None:
    mug = reward(stock=2)

    def one(_: int) -> bool:
        try:
            with platform.write(via="api") as ctx:
                run_action(ctx, "member", [rich], "redeem", {"reward": mug})
        except NotValid:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 2
    assert points() == 40
