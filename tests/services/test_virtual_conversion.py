"""A conversion copies what a formula or lookup shows, and writes none."""

import pytest

from loopline.errors import NotValid
from loopline.services.actions import run_action
from loopline.services.records import get
from loopline.testing import publish_documents

DOCUMENTS = """
kind: entity
id: x_from
format: 1
label: From
title_field: name
fields:
  name:  {type: text, label: Name}
  count: {type: integer, label: Count}
  near:  {type: link, to: x_to, label: Near}
  twice: {type: formula, returns: integer, formula: "count * 2", label: Twice}
  mark:  {type: lookup, via: near, field: mark, label: Mark}
---
kind: entity
id: x_to
format: 1
label: To
title_field: name
fields:
  name:  {type: text, label: Name}
  count: {type: integer, label: Count}
  mark:  {type: choice, label: Mark, options: {a: {label: A}, b: {label: B}}}
  half:  {type: formula, returns: integer, formula: "count / 2", label: Half}
---
kind: conversion
id: go
format: 1
from: x_from
into:
  to: {entity: x_to, set: {name: name, count: twice, mark: mark}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


def test_what_is_shown_is_copied(platform, make_record) -> None:
    near = make_record("x_to", name="near", mark="b").id
    source = make_record("x_from", name="Bolt", count=3, near=near).id
    with platform.write(via="cli") as ctx:
        run_action(ctx, "x_from", [source], "convert", {})
        made = get(ctx, "x_to", near + 1).values
    assert made == {"name": "Bolt", "count": 6, "mark": "b", "half": 3}


def test_a_formula_is_not_a_target(platform) -> None:
    text = "kind: conversion\nid: go\nextend: true\ninto: {to: {set: {half: count}}}"
    with pytest.raises(NotValid) as caught:
        publish_documents(platform, text)
    assert [one.code for one in caught.value.problems] == ["metadata.virtual_field"]
