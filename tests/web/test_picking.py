"""Pickers for people who get the titles of records veiled, or not at all."""

import pytest

from kit.kernel_site import DOCUMENTS
from loopline.sites import add_user
from web.visitor import PASSWORD, Visitor

ROLES = """
---
kind: role
id: x_veiled
format: 1
label: Veiled
grants: {things: {entity: x_thing, actions: [read], fields: {name: mask}}}
---
kind: role
id: x_blind
format: 1
label: Blind
grants: {things: {entity: x_thing, actions: [read], fields: {name: none}}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + ROLES


@pytest.mark.parametrize("role", ["x_veiled", "x_blind"])
def test_who_gets_no_titles_still_finds_records(platform, visitor: Visitor, make_record, role):
    made = make_record("x_thing", name="Lantern", mail="lantern@example.com")
    add_user(platform, "a@example.com", "Ada", PASSWORD, administrator=False, roles=(role,))
    visitor.sign_in("a@example.com")
    found = visitor.get("/pick/x_thing?q=").json()["items"]
    assert [one["value"] for one in found] == [str(made.id)]
    assert "Lantern" not in str(found)
    assert visitor.get("/pick/x_thing?q=lantern").json()["items"] in ([], found)
