"""Compensations: small ones are granted at once, greater ones wait for the manager."""

from decimal import Decimal

import pytest


@pytest.fixture
def complaint(ticket, make_record, as_user, api) -> int:
    boss, agent = as_user("Boss").id, as_user("Ann").id
    api("PATCH", f"/records/user/{agent}", {"manager": boss})
    customer = make_record("customer", name="Mill").id
    return ticket(kind="complaint", customer=customer, owner=agent)


def test_a_small_one_is_granted_and_booked(complaint, act, read, api) -> None:
    act("compensate", complaint, {"amount": 120.5, "reason": "Late"})
    assert read(complaint)["compensation_state"] == "granted"
    entries = api("GET", "/records/ledger_entry")["items"]
    booked = [(one["kind"], Decimal(one["amount"]["amount"])) for one in entries]
    assert booked == [("compensation", Decimal("-120.50"))]
    act("compensate", complaint, {"amount": 1, "reason": "More"}, status=422)


def test_a_greater_one_waits_for_approval(complaint, act, read, api) -> None:
    act("compensate", complaint, {"amount": 800, "reason": "Standstill"})
    assert read(complaint)["compensation_state"] == "proposed"
    forced = {"compensation_state": "granted"}
    api("PATCH", f"/records/ticket/{complaint}", forced, 422)
    found = api("GET", f"/records/ticket/{complaint}/approvals")
    assert "ticket_compensation" in str(found)
    assert api("GET", "/records/ledger_entry")["items"] == []
