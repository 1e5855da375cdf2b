"""Discounts: asked for, never got round by a copy, and told in words where nobody can decide."""

import pytest


@pytest.fixture
def cheap(api, shop) -> int:
    lines = [{"product": 1, "quantity": "1", "discount": "0.3"}]
    body = {"name": "x", "customer": 1, "valid_until": "2026-02-01", "lines": lines}
    return api("POST", "/records/quote", body)["id"]


def refused(api, quote: int) -> str:
    held = api("POST", f"/records/quote/{quote}/actions/send", {}, 422)
    return held["problems"][0]["code"]


def test_a_quote_below_the_book_is_not_sent_unapproved(api, cheap) -> None:
    assert refused(api, cheap) == "approval.before"


def test_a_new_version_does_not_get_round_the_approval(api, cheap) -> None:
    usual = {"id": api("GET", f"/records/quote/{cheap}")["lines"][0]["id"], "discount": "0"}
    api("PATCH", f"/records/quote/{cheap}", {"lines": [usual]})
    api("POST", f"/records/quote/{cheap}/actions/send", {})
    made = api("POST", f"/records/quote/{cheap}/actions/new_version", {})["record"]["id"]
    lines = [{"product": 1, "quantity": "1", "discount": "0.3"}]
    api("PATCH", f"/records/quote/{made}", {"lines": lines, "valid_until": "2026-02-01"})
    assert refused(api, made) == "approval.before"


def test_who_is_missing_is_told_in_words(api, cheap) -> None:
    api("POST", f"/records/quote/{cheap}/actions/submit", {})
    found = api("GET", f"/records/quote/{cheap}/approvals")["items"][0]
    said = [one["comment"] for one in found["events"] if one["comment"]]
    assert said == ["Nobody can decide: Manager of the Owner"]
