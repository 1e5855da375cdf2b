"""Pipelines: what a document says, and what is told of one without sense."""

from dataclasses import replace
from decimal import Decimal

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
DEAL = """
kind: entity
id: deal
format: 1
label: Deal
title_field: name
fields:
  name:    {type: text, label: Name}
  stage:
    type: choice
    label: Stage
    options: {talk: {label: T}, quote: {label: Q}, won: {label: W}, lost: {label: L}}
  amount:  {type: money, label: Amount}
  chance:  {type: percent, label: Chance}
  since:   {type: datetime, label: Since}
  expected_close: {type: date, label: Close}
  note:    {type: text, label: Note}
  gifts:   {type: rollup, of: deal, via: before, aggregate: count, label: Gifts}
  before:  {type: link, to: deal, label: Before}
  twice:   {type: formula, returns: decimal, formula: "amount * 2", label: Twice}
"""
# the example of the public contract, but for the entity and a line that is folded
EXAMPLE = """
kind: pipeline
id: opportunity_default
format: 1
entity: deal
field: stage
stages:
  talk: {label: {zh: 初步沟通}, probability: 10, days: 7, pos: 1}
  quote: {label: {zh: 报价谈判}, probability: 60, days: 10, enter_if: "amount > 0",
          require: [amount, expected_close], pos: 4}
  won: {label: {zh: 赢单}, probability: 100, closes: won, pos: 5}
"""
WHOLE = """
kind: pipeline
id: deals
format: 1
entity: deal
field: stage
when: "amount > 10"
amount_field: amount
probability_field: chance
since_field: since
closed_field: expected_close
stages:
  talk: {}
  quote: {from: [talk], require: [note], message: {en: No}, set: {note: name}}
  won: {from: [quote], closes: won}
  lost: {closes: lost, hidden: true}
"""


def _layer(text: str, name: str = "plugin") -> Layer:
    loaded = Loaded()
    load_text(text.encode(), "deals.yaml", SCHEMAS, "zh", loaded)
    assert loaded.problems == []
    return replace_documents(Layer(name=name, kind="plugin"), loaded.documents)


def _catalog(text: str) -> Catalog:
    return Catalog(Release(revision=1, layers=(_layer(f"{DEAL}---\n{text}"),)))


def _problems(text: str) -> list[str]:
    catalog, findings = _catalog(text), Findings()
    keys = [DocumentKey(kind, one) for kind in SCHEMAS.kinds for one in catalog.ids(kind)]
    check_documents(catalog, keys, SCHEMAS, kernel_field_types(), findings)
    return [f"{one.code} at {one.path}" for one in findings.errors]


@pytest.mark.parametrize("text", [EXAMPLE, WHOLE])
def test_sound_documents_have_no_problems(text: str) -> None:
    assert _problems(text) == []


def test_the_example_of_the_contract_is_read() -> None:
    one = _catalog(EXAMPLE).pipeline("opportunity_default")
    assert [stage.code for stage in one.stages] == ["talk", "quote", "won"]
    quote = one.stage("quote")
    assert quote is not None
    assert (quote.probability, quote.days) == (Decimal(60), 10)
    assert (quote.enter_if, quote.require) == ("amount > 0", ("amount", "expected_close"))
    assert one.by_code["won"].closes == "won"


def test_the_next_stage_is_offered_may_be_entered_and_is_no_loss() -> None:
    one = _catalog(WHOLE).pipeline("deals")
    following = [one.next_after(code) for code in ("talk", "quote", "won", "elsewhere")]
    assert [stage and stage.code for stage in following] == ["quote", "won", None, None]


def test_pipelines_of_an_entity_are_kept_by_field_in_order() -> None:
    second = WHOLE.replace("id: deals", "id: early\npos: 1")
    catalog = _catalog(f"{WHOLE}---\n{second}")
    assert [one.id for one in catalog.pipelines["deal"]["stage"]] == ["early", "deals"]


def test_a_disabled_plugin_has_none() -> None:
    layers = (_layer(DEAL, "deals"), replace(_layer(EXAMPLE, "ways"), enabled=False))
    assert Catalog(Release(revision=1, layers=layers)).pipelines == {}


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("field: stage", "field: name", "pipeline.field_type at pipeline/deals field"),
        ("field: stage", "field: stag", "metadata.no_field at pipeline/deals field"),
        ("amount > 10", "amout_of > 10", "expr.unknown_field at pipeline/deals when"),
        ("amount_field: amount", "amount_field: note", "pipeline.field_type at pipeline/deals am"),
        ("probability_field: chance", "probability_field: note", "pipeline.field_type at"),
        ("since_field: since", "since_field: twice", "metadata.virtual_field at pipeline/deals si"),
        ("  lost:", "  gone:", "pipeline.no_option at pipeline/deals stages.gone"),
        ("from: [talk]", "from: [chat]", "pipeline.unknown_stage at pipeline/deals stages.quote"),
        ("require: [note]", "require: [nota]", "metadata.no_field at pipeline/deals stages.quote"),
        ("require: [note]", "require: [gifts]", "pipeline.never_given at pipeline/deals stages.q"),
        ("{note: name}", "{nota: name}", "metadata.no_field at pipeline/deals stages.quote.set.no"),
        ("{note: name}", "{twice: amount}", "pipeline.computed at pipeline/deals stages.quote.set"),
        ("{note: name}", "{note: amount}", "conversion.kind at pipeline/deals stages.quote.set.no"),
        ("{note: name}", "{note: nam}", "expr.unknown_field at pipeline/deals stages.quote.set.no"),
        ("{note: name}", "{stage: \"'x'\"}", "pipeline.sets_stage at pipeline/deals stages.quote"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_place(was: str, now: str, problem: str) -> None:
    assert was in WHOLE
    told = _problems(WHOLE.replace(was, now))
    assert [one for one in told if one.startswith(problem)]
