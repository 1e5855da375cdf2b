"""Conversions and journeys: what a document says, and what is told of one without sense."""

from dataclasses import replace

import pytest

from loopline.fields.registry import kernel_field_types
from loopline.meta.catalog import Catalog
from loopline.meta.conversions import carried_fields
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.meta.validate import check_documents

SCHEMAS = Schemas()
ENTITIES = """
kind: entity
id: egg
format: 1
label: Egg
title_field: name
fields:
  name:     {type: text, label: Name}
  laid:     {type: date, label: Laid}
  weight:   {type: integer, label: Weight}
  state:    {type: choice, label: State, options: {warm: {label: W}, open: {label: O}}}
  hen:      {type: link, to: hen, label: Hen}
  x_ring:   {type: text, label: Ring}
  x_bill:   {type: text, label: Bill}
---
kind: entity
id: hen
format: 1
label: Hen
title_field: name
fields:
  name:     {type: text, label: Name}
  hatched:  {type: date, label: Hatched}
  egg:      {type: link, to: egg, label: Egg}
  x_ring:   {type: text, label: Ring}
  x_bill:   {type: integer, label: Bill}
"""
HATCHING = """
kind: conversion
id: hatching
format: 1
from: egg
when: 'state == "warm"'
into:
  hen: {entity: hen, match: [name], set: {name: name, hatched: today(), egg: id}}
  sister: {entity: hen, optional: true, set: {name: 'concat(into.hen.name, "+")', hatched: laid}}
then: {state: '"open"', hen: into.hen}
"""
LIFE = """
kind: journey
id: life
format: 1
of: hen
stations:
  egg: {entity: egg, when: 'state == "warm"', since: laid, limit: 21}
  hen: {entity: hen}
"""
PLUGIN = """
kind: conversion
id: hatching
extend: true
into: {chick: {entity: hen, pos: 0.5, set: {name: name}}, hen: {set: {hatched: laid}}}
---
kind: journey
id: life
extend: true
stations: {coop: {entity: hen, pos: 1.5}}
"""


def _layer(name: str, text: str) -> Layer:
    loaded = Loaded()
    load_text(text.encode(), "farm.yaml", SCHEMAS, "zh", loaded)
    assert loaded.problems == []
    return replace_documents(Layer(name=name, kind="plugin"), loaded.documents)


def _catalog(*texts: str, disabled: tuple[str, ...] = ()) -> Catalog:
    layers = [_layer(f"layer{at}", text) for at, text in enumerate(texts)]
    stated = tuple(replace(one, enabled=one.name not in disabled) for one in layers)
    return Catalog(Release(revision=1, layers=stated))


def _problems(text: str) -> list[str]:
    catalog, findings = _catalog(ENTITIES + "---\n" + text), Findings()
    keys = [DocumentKey(kind, one) for kind in SCHEMAS.kinds for one in catalog.ids(kind)]
    check_documents(catalog, keys, SCHEMAS, kernel_field_types(), findings)
    return [f"{one.code} at {one.path}" for one in findings.errors]


def test_sound_documents_have_no_problems() -> None:
    assert _problems(f"{HATCHING}---\n{LIFE}") == []


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("name: name,", "nam: name,", "metadata.no_field at conversion/hatching into.hen.set.nam"),
        ("hatched: laid", "hatched: lade", "expr.unknown_field at conversion/hatching into.sister"),
        ("hatched: laid", "hatched: weight", "conversion.kind at conversion/hatching into.sister"),
        ("egg: id", "egg: hen", "conversion.other_target at conversion/hatching into.hen.set.egg"),
        ("'\"open\"'", "'\"shut\"'", "conversion.no_option at conversion/hatching then.state"),
        ("hen: into.hen", "hen: into.cock", "expr.unknown_field at conversion/hatching then.hen"),
        ("into.hen.name", "into.sister.name", "expr.unknown_field at conversion/hatching into"),
        (
            "match: [name]",
            "match: [nom]",
            "metadata.no_field at conversion/hatching into.hen.match",
        ),
        ("'state == \"warm\"'", "weight", "expr.not_a_condition at conversion/hatching when"),
        ("from: egg", "from: stone", "metadata.no_target at conversion/hatching from"),
    ],
)
def test_what_makes_no_sense_is_told_at_its_place(was: str, now: str, problem: str) -> None:
    assert was in HATCHING
    (told,) = _problems(HATCHING.replace(was, now))
    assert told.startswith(problem)


@pytest.mark.parametrize(
    ("was", "now", "problem"),
    [
        ("since: laid", "since: weight", "journey.no_date at journey/life stations.egg.since"),
        (
            "entity: egg,",
            "entity: egg, via: name,",
            "journey.no_way at journey/life stations.egg.via",
        ),
        ('"warm"', '"warm" && x', "expr.unknown_field at journey/life stations.egg.when"),
    ],
)
def test_a_station_needs_a_date_and_a_way(was: str, now: str, problem: str) -> None:
    assert any(told.startswith(problem) for told in _problems(LIFE.replace(was, now)))


def test_client_fields_go_along_where_they_are_the_same_on_both_sides() -> None:
    catalog = _catalog(f"{ENTITIES}---\n{HATCHING}")
    hen = catalog.conversion("hatching").targets[0]
    assert carried_fields(catalog.entity("egg"), catalog.entity("hen"), hen) == ("x_ring",)


def test_a_document_says_that_nothing_goes_along_by_itself() -> None:
    catalog = _catalog(f"{ENTITIES}---\n{HATCHING}carry: false\n")
    hen = catalog.conversion("hatching").targets[0]
    assert carried_fields(catalog.entity("egg"), catalog.entity("hen"), hen) == ()


def test_a_plugin_adds_targets_and_stations_until_it_is_disabled() -> None:
    texts = (f"{ENTITIES}---\n{HATCHING}---\n{LIFE}", PLUGIN)
    both, one = _catalog(*texts), _catalog(*texts, disabled=("layer1",))
    assert [t.id for t in both.conversion("hatching").targets] == ["chick", "hen", "sister"]
    assert [t.id for t in one.conversion("hatching").targets] == ["hen", "sister"]
    assert [s.id for s in both.journey("life").stations] == ["egg", "coop", "hen"]
    assert [s.id for s in one.journey("life").stations] == ["egg", "hen"]
