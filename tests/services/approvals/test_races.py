"""Two people at once: one after the other, and the second is told."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from loopline.errors import LooplineError


def outcome(act, *given, **settings) -> str:
    try:
        act(*given, **settings)
    except LooplineError as error:
        return error.key
    return "done"


def together(*calls) -> list[str]:
    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(one.result() for one in [pool.submit(call) for call in calls])


@pytest.fixture
def asked(desk):
    desk.seat("Ann", "Bob")
    desk.act("Sam", "submit")
    return desk


def test_of_two_who_approve_at_once_one_is_told(asked) -> None:
    found = together(*(lambda n=name: outcome(asked.act, n, "approve") for name in ("Ann", "Bob")))
    assert found == ["approval.not_open", "done"]
    assert asked.acts().count("approve") == 1


def test_a_double_click_counts_once(asked) -> None:
    seat = asked.seats("waiting")[0].id
    found = together(*(lambda: outcome(asked.act, "Ann", "approve", seat=seat) for _ in range(4)))
    assert found == ["approval.decided"] * 3 + ["done"]


def test_two_who_submit_at_once_make_one_request(desk) -> None:
    desk.seat("Ann")
    found = together(*(lambda: outcome(desk.act, "Sam", "submit") for _ in range(3)))
    assert found == ["approval.pending"] * 2 + ["done"]
    assert len(desk.requests()) == 1


def test_an_edit_and_an_approval_never_pass_each_other(asked) -> None:
    seat = asked.seats("waiting")[0].id
    together(
        lambda: outcome(asked.act, "Ann", "approve", seat=seat),
        lambda: outcome(asked.set, "x_offer", asked.offer, discount=Decimal("0.4")),
    )
    newest, *older = asked.requests()
    assert (newest.state, newest.locked["discount"]) == ("pending", "0.40")
    assert [one.state for one in older] == ["voided"]
