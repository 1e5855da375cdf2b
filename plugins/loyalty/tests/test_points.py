"""Points: earned on payments, taken back on refunds, booked once, and their sum is the balance."""

import pytest

from loopline.jobs.queue import enqueue
from loopline.services.plugin_states import disable, enable
from loopline.testing import publish_documents

RULE = """
kind: points_rule
id: paid
extend: true
"""


@pytest.fixture
def refund(act, member, work):
    def book(receipt: int, amount: float) -> None:
        act("receipt", receipt, "refund", {"amount": amount, "reason": "returned"})
        work()

    return book


def kinds(api) -> list[tuple[str, int]]:
    found = api("GET", "/records/points_entry?sort=id&limit=100")["items"]
    return [(one["kind"], one["points"]) for one in found]


def test_a_payment_earns_points_by_the_rule(api, member, pay, points) -> None:
    pay("1234.56")
    assert points() == 123
    entry = api("GET", "/records/points_entry")["items"][0]
    assert (entry["source"], entry["day"], entry["expires_at"]) == (
        {"entity": "receipt", "id": 1},
        "2026-01-05",
        "2028-01-05",
    )


def test_what_was_paid_before_joining_earns_nothing(member, pay, points) -> None:
    pay("1000", received_at="2025-12-31")
    assert points() == 0


def test_a_rule_says_for_what_and_when(platform, api, member, pay, points) -> None:
    publish_documents(
        platform,
        f"""{RULE}
when: 'method != "cash"'
ends: "2026-01-31"
round: up
""",
    )
    pay("100", method="cash")
    pay("100", received_at="2026-02-01")
    pay("91")
    assert points() == 10


def test_a_refund_takes_back_its_part_and_never_more(api, member, pay, refund, points) -> None:
    receipt = pay("105")
    refund(receipt, 35)
    assert kinds(api) == [("earn", 10), ("reverse", -3)]
    refund(receipt, 35)
    refund(receipt, 35)
    assert points() == 0
    assert kinds(api)[2:] == [("reverse", -4), ("reverse", -3)]


def test_a_refund_told_before_its_payment_comes_to_the_same(api, act, member, points, work):
    body = {"customer": 1, "amount": "100", "received_at": "2026-01-05"}
    receipt = api("POST", "/records/receipt", body)["id"]
    act("receipt", receipt, "refund", {"amount": 30, "reason": "x"})
    work()
    assert kinds(api) == [("earn", 10), ("reverse", -3)]
    assert points() == 7


def test_what_is_told_twice_is_booked_once(platform, pay, refund, points, work, api):
    refund(pay("100"), 50)
    with platform.write() as ctx:
        told = {
            "plugin": "loyalty",
            "entity": "ledger_entry",
            "action": "create",
            "via": "api",
            "actor": None,
        }
        for records in ([[2, 1]], [[1, 1]], [[1, 1], [2, 1]]):
            enqueue(ctx.connection, "hook.after_change", {**told, "records": records}, ctx.now)
        enqueue(ctx.connection, "loyalty.catch_up", {}, ctx.now)
    work()
    assert kinds(api) == [("earn", 10), ("reverse", -5)]
    assert points() == 5


def test_nobody_writes_points_by_hand(api, member) -> None:
    body = {"member": member, "kind": "earn", "points": 9, "day": "2026-01-05"}
    api("POST", "/records/points_entry", {**body, "at": "2026-01-05T00:00:00Z"}, 422)


def test_an_adjustment_has_a_reason_and_can_be_taken_back_once(api, act, member, points) -> None:
    act("member", member, "adjust", {"points": 50, "reason": " "}, 422)
    act("member", member, "adjust", {"points": 50, "reason": "birthday"})
    act("member", member, "adjust", {"points": -51, "reason": "mistake"}, 422)
    act("points_entry", 1, "take_back", {"reason": "mistake"})
    act("points_entry", 1, "take_back", {"reason": "again"}, 422)
    assert (points(), kinds(api)) == (0, [("adjust", 50), ("adjust", -50)])


def test_points_expire_after_their_last_day(api, member, act, pay, wait, points) -> None:
    pay("100")
    act("member", member, "adjust", {"points": 5, "reason": "gift"})
    api("POST", "/records/reward", {"name": "Mug", "points": 4})
    act("member", member, "redeem", {"reward": 1})
    wait(days=730)
    assert points() == 11
    wait(days=1)
    wait(days=1)
    assert (points(), kinds(api)[-1]) == (5, ("expire", -6))


def test_enabling_the_plugin_gives_payments_their_points(platform, member, pay, work, points):
    with platform.write(via="cli") as ctx:
        disable(ctx, platform.shelf, "loyalty")
    pay("70")
    with platform.write(via="cli") as ctx:
        enable(ctx, platform.shelf, "loyalty")
    work()
    assert points() == 7


def test_enrolling_makes_one_member_a_customer(api, act, work, points) -> None:
    api("POST", "/records/customer", {"name": "Mill"})
    api("POST", "/records/receipt", {"customer": 1, "amount": "70", "received_at": "2026-01-05"})
    made = act("customer", 1, "enrol")["record"]
    assert act("customer", 1, "enrol")["record"] == made
    api("POST", "/records/member", {"name": "again", "customer": 1}, 422)
    work()
    assert points() == 7
