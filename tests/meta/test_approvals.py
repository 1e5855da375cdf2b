"""Approvals: what a document may set and keep back, and how long a step may take."""

from dataclasses import replace

import pytest

from loopline.fields.registry import kernel_field_types
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.meta.validate import check_documents

SCHEMAS = Schemas()
DOCUMENTS = """
kind: entity
id: quote
format: 1
label: Quote
title_field: name
fields:
  name:     {type: text, label: Name, max_length: 20}
  number:   {type: code, label: Number}
  discount: {type: decimal, scale: 2, label: Discount}
  margin:   {type: decimal, scale: 2, label: Margin}
  given:    {type: date, label: Given}
  status:   {type: choice, label: Status, options: {draft: {label: D}, sent: {label: S}}}
  twice:    {type: formula, returns: decimal, formula: "discount * 2", label: Twice}
---
kind: approval
id: quote_discount
format: 1
entity: quote
when: "margin < 0.2"
locks: [discount]
before: {field: status, to: [sent]}
on_approved: {set: {status: sent, given: "= today()", name: "= concat(name, '!')"}}
on_voided:   {set: {status: draft, given: ""}}
steps: {boss: {due: P2D, remind: PT4H, escalate: true, approvers: {a: {users: [a@example.com]}}}}
"""


def _problems(text: str) -> list[str]:
    loaded = Loaded()
    load_text(text.encode(), "quotes.yaml", SCHEMAS, "zh", loaded)
    told = [f"{one.code} at {one.path}" for one in loaded.problems]
    layer = replace_documents(Layer(name="pack", kind="plugin"), loaded.documents)
    catalog = Catalog(Release(revision=1, layers=(replace(layer, enabled=True),)))
    findings = Findings()
    keys = [DocumentKey(kind, one) for kind in SCHEMAS.kinds for one in catalog.ids(kind)]
    check_documents(catalog, keys, SCHEMAS, kernel_field_types(), findings)
    return told + [f"{one.code} at {one.path}" for one in findings.errors]


def test_a_sound_document_has_no_problems() -> None:
    assert _problems(DOCUMENTS) == []


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("on_approved: {set: {status: sent", "on_approved: {set: {stat: sent",
         "metadata.no_field at approval/quote_discount on_approved.set.stat"),
        ("on_approved: {set: {status: sent", "on_approved: {set: {status: gone",
         "choice.unknown at approval/quote_discount on_approved.set.status"),
        ("= today()", "= todai()", "expr.unknown_function at approval/quote_discount on_approved"),
        ("= today()", "= name", "conversion.kind at approval/quote_discount on_approved.set.given"),
        ("= today()", "soon", "date.unreadable at approval/quote_discount on_approved.set.given"),
        ("given: \"\"", "twice: 4", "approval.set_computed at approval/quote_discount on_voided"),
        ("given: \"\"", "number: A1", "approval.set_computed at approval/quote_discount on_voided"),
        ("given: \"\"", "discount: 0", "approval.set_locked at approval/quote_discount on_voided"),
        ("given: \"\"", "margin: 0", "approval.set_in_when at approval/quote_discount on_voided"),
        ("status: draft, given", "status: sent, given",
         "approval.set_kept_back at approval/quote_discount on_voided.set.status"),
        ("to: [sent]", "to: [lost]", "choice.unknown at approval/quote_discount before.to"),
        ("margin < 0.2", "status == 'draft'",
         "approval.set_in_when at approval/quote_discount on_approved.set.status"),
        ("field: status", "field: state", "metadata.no_field at approval/quote_discount before"),
        ("due: P2D, ", "", "approval.due_missing at approval/quote_discount steps.boss"),
        ("due: P2D", "due: PT0H", "clock.limit at approval/quote_discount steps.boss.due"),
        ("due: P2D", "due: 2 days", "metadata.pattern at quotes.yaml:25 steps.boss.due"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told_at_its_place(was: str, now: str, problem: str) -> None:
    assert was in DOCUMENTS
    told = _problems(DOCUMENTS.replace(was, now))
    assert told
    assert told[0].startswith(problem)


def test_only_a_value_of_its_own_can_be_kept_back() -> None:
    told = _problems(DOCUMENTS.replace("before: {field: status", "before: {field: given"))
    assert told == ["approval.before_kind at approval/quote_discount before.field"]
