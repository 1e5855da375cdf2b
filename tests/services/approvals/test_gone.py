"""Approvals whose document changes while requests of it wait."""

import pytest

import loopline.store.approvals as store
from loopline.errors import Conflict
from loopline.meta.catalog import Catalog
from loopline.services.approvals.mails import label_of
from loopline.testing import publish_documents

TWO = """
steps: {chief: {approvers: {a: {role: x_chief}}}}
---
kind: approval
id: x_other
format: 1
entity: x_offer
when: "discount > 0.9"
steps: {chief: {approvers: {a: {role: x_chief}}}}
"""
MORE = """
kind: approval
id: x_discount
format: 1
label: {zh: 折扣审批, en: Discount}
entity: x_offer
when: "discount > 0.1"
locks: [discount, lines]
steps:
  chief: {approvers: {a: {role: x_chief}}, pos: 1}
  boss:  {approvers: {a: {role: x_chief}}, pos: 2}
"""


@pytest.fixture
def approval() -> str:
    return TWO


@pytest.fixture
def asked(desk):
    desk.seat("Ann")
    desk.act("Sam", "submit")
    return desk


def test_a_step_that_was_added_meanwhile_is_asked_too(asked) -> None:
    publish_documents(asked.platform, MORE)
    asked.act("Ann", "approve")
    assert asked.state == "pending"
    asked.act("Ann", "approve")
    assert asked.state == "approved"


def test_without_its_document_a_request_can_only_be_withdrawn(asked, monkeypatch) -> None:
    whole = Catalog.active_ids
    left = {"approval": ("x_other",)}
    monkeypatch.setattr(Catalog, "active_ids", lambda one, kind: left.get(kind) or whole(one, kind))
    with asked.platform.read() as ctx:
        ctx.snapshot.catalog.__dict__.pop("approvals", None)
    with pytest.raises(Conflict, match=r"approval\.document_gone"):
        asked.act("Ann", "approve")
    asked.act("Sam", "withdraw")
    assert asked.state == "withdrawn"
    with asked.platform.read() as ctx:
        request = store.requests_of(ctx.connection, "x_offer", asked.offer)[0]
        assert label_of(ctx, request) == "已不在配置中"
