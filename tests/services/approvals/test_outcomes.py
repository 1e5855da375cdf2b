"""What a document sets on the record, in the same transaction."""

from datetime import date
from decimal import Decimal

import pytest

from loopline.errors import NotValid
from loopline.services.editing import update
from loopline.services.timeline import timeline
from loopline.testing import publish_documents

SETS = """
on_submitted: {set: {status: asked}}
on_approved:  {set: {status: approved, approved_on: "= today()", approved_by: "= me"}}
on_rejected:  {set: {status: draft, note: "= concat(name, '!')"}}
on_returned:  {set: {status: draft, note: returned}}
on_withdrawn: {set: {status: draft, note: withdrawn}}
on_voided:    {set: {status: draft, approved_on: "", approved_by: ""}}
steps: {chief: {approvers: {a: {role: x_chief}}}}
"""
RULE = """
kind: entity
id: x_offer
extend: true
rules:
  signed:
    refuse_when: "status == 'approved' && is_blank(note)"
    message: {zh: 缺备注, en: No note}
"""


@pytest.fixture
def approval() -> str:
    return SETS


@pytest.fixture
def asked(desk):
    desk.seat("Ann")
    desk.act("Sam", "submit")
    return desk


def test_asking_sets_what_the_document_says(asked) -> None:
    assert (asked.state, asked.value("status")) == ("pending", "asked")


def test_approving_writes_constants_and_expressions_as_who_decided(asked) -> None:
    asked.act("Ann", "approve")
    found = [asked.value(name) for name in ("status", "approved_on", "approved_by")]
    assert found == ["approved", date(2026, 1, 5), asked.id("Ann")]


@pytest.mark.parametrize(
    ("who", "act", "note"),
    [("Ann", "reject", "Pumps!"), ("Ann", "return", "returned"), ("Sam", "withdraw", "withdrawn")],
)
def test_every_other_end_sets_its_own(asked, who, act, note) -> None:
    asked.act(who, act, comment="no")
    assert (asked.value("status"), asked.value("note")) == ("draft", note)


def test_a_change_sets_what_voiding_and_asking_again_say(asked) -> None:
    asked.act("Ann", "approve")
    asked.set("x_offer", asked.offer, discount=Decimal("0.3"))
    assert (asked.value("status"), asked.value("approved_on")) == ("asked", None)
    asked.set("x_offer", asked.offer, discount=Decimal("0.05"))
    assert asked.value("status") == "draft"


def test_whoever_changes_it_is_answered_the_record_as_it_now_is(asked) -> None:
    asked.act("Ann", "approve")
    with asked.platform.write(asked.people["Sam"]) as ctx:
        found = update(ctx, "x_offer", asked.offer, {"discount": Decimal("0.05")})
    assert (found.value("status"), found.version) == ("draft", 5)


def test_the_trail_tells_who_set_it(asked) -> None:
    asked.act("Ann", "approve")
    with asked.platform.read() as ctx:
        found = timeline(ctx, "x_offer", asked.offer)
    (last, *_) = [one for one in found.entries if one.action == "update"]
    assert last.actor == asked.id("Ann")
    assert "status" in {one.field.id for one in last.changes}


def test_what_a_rule_refuses_undoes_the_decision_as_well(asked) -> None:
    publish_documents(asked.platform, RULE)
    with pytest.raises(NotValid, match=r"record\.rule"):
        asked.act("Ann", "approve")
    assert (asked.state, asked.value("status")) == ("pending", "asked")
    assert asked.waiting() == ["Ann"]
