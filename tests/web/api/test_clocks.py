"""The clocks of a record over HTTP and beside its page, for who may read what they rest on."""

import pytest

from kit.kernel_site import DOCUMENTS
from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.testing import publish_documents

CLOCKS = """
---
kind: clock
id: x_answer
format: 1
label: {zh: 首次答复, en: First answer}
entity: x_thing
start_when: "kind_of == 'big'"
stop_when: "count > 0"
pause_when: {blue: {when: "'blue' in marks", reason: {zh: 等客户, en: Waits}}}
due: PT4H
"""
BLIND = """
kind: role
id: x_blind
format: 1
label: Blind
grants: {things: {entity: x_thing, actions: [read], fields: {count: none}}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + CLOCKS


@pytest.fixture
def thing(make_record) -> int:
    return make_record("x_thing", name="Valve", kind_of="big").id


def test_the_clocks_of_a_record_are_told(call, thing: int, make_record) -> None:
    (one,) = call("GET", f"/records/x_thing/{thing}/clocks").json()["items"]
    assert (one["clock"], one["label"], one["state"]) == ("x_answer", "First answer", "running")
    assert (one["started_at"], one["due_at"]) == ("2026-01-05T01:00:00Z", "2026-01-05T05:00:00Z")
    assert "09:00" in one["told"]
    assert one["running"] is True
    other = make_record("x_thing", name="Small").id
    assert call("GET", f"/records/x_thing/{other}/clocks").json() == {"items": []}


def test_how_a_clock_ended_and_why_it_waits_is_told(call, thing: int) -> None:
    call("PATCH", f"/records/x_thing/{thing}", json={"marks": ["blue"]})
    (one,) = call("GET", f"/records/x_thing/{thing}/clocks").json()["items"]
    assert (one["state"], one["pause_reason"]) == ("paused", "Waits")
    call("PATCH", f"/records/x_thing/{thing}", json={"count": 1})
    (one,) = call("GET", f"/records/x_thing/{thing}/clocks").json()["items"]
    assert (one["state"], one["running"]) == ("met", False)


def test_of_no_record_there_are_none(call) -> None:
    assert call("GET", "/records/x_thing/99/clocks").status_code == 404


def test_a_clock_that_rests_on_what_one_may_not_read_is_not_told(
    ask, platform: Platform, as_user, thing: int
) -> None:
    publish_documents(platform, BLIND)
    blind = as_user("Blind", roles=("x_blind",))
    with platform.write(via="cli") as ctx:
        secret = create_token(ctx.connection, int(str(blind.id)), frozenset({"read"}), ctx.now)
    assert ask(secret, "GET", f"/records/x_thing/{thing}").status_code == 200
    assert ask(secret, "GET", f"/records/x_thing/{thing}/clocks").json() == {"items": []}
