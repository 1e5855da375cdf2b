"""Tiers: up at once on earning, down after grace; rules of them are checked when published."""

import pytest

from loopline.errors import NotValid
from loopline.testing import publish_documents


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def tier(api) -> tuple[str, str | None]:
    found = api("GET", "/records/member/1")
    return found["tier"], found["tier_until"]


def test_earning_lifts_at_once_and_multiplies_what_follows(api, member, pay, points) -> None:
    pay("100000")
    assert (tier(api), points()) == (("gold", None), 10000)
    pay("1000")
    assert points() == 10150


def test_who_no_longer_reaches_a_tier_keeps_it_for_its_grace(api, member, pay, wait) -> None:
    pay("100000")
    wait(days=366)
    assert tier(api) == ("gold", "2027-03-07")
    wait(days=60)
    assert tier(api)[0] == "gold"
    wait(days=1)
    assert tier(api) == ("regular", None)


def test_a_refund_begins_the_grace_and_a_payment_ends_it(api, act, member, pay, work) -> None:
    receipt = pay("100000")
    act("receipt", receipt, "refund", {"amount": 1000, "reason": "x"})
    work()
    assert tier(api) == ("gold", "2026-03-06")
    pay("1000")
    assert tier(api) == ("gold", None)


def test_a_tier_may_ask_for_what_was_paid(platform, api, member, pay) -> None:
    publish_documents(
        platform, "{kind: tier, id: silver, extend: true, threshold: {points: 99999, spend: 500}}"
    )
    pay("499.99")
    assert tier(api)[0] == "regular"
    pay("0.01")
    assert tier(api)[0] == "silver"


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{kind: tier, id: diamond, format: 1, label: D, pos: 9}", "diamond"),
        ("{kind: points_rule, id: paid, extend: true, tiers: {diamond: 2}}", "diamond"),
        ("{kind: points_rule, id: paid, extend: true, when: 'nothing == 1'}", "expr.unknown_field"),
        (
            "{kind: points_rule, id: paid, extend: true, starts: '2026-02-01', ends: '2026-01-01'}",
            "paid",
        ),
        ("{kind: points_rule, id: paid, extend: true, per: 0}", "metadata"),
    ],
)
def test_rules_that_cannot_work_are_refused(platform, document, told) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, document)
    assert told in str(refused.value)
