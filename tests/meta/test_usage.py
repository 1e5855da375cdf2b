"""Where a field or document is used: every kind of document that can name it does so here."""

import pytest

from loopline.meta.catalog import Catalog
from loopline.meta.load import Loaded, load_text
from loopline.meta.release import Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import replace_documents
from loopline.meta.usage import parse_path, where_used

SCHEMAS = Schemas()
FARM = """
kind: entity
id: herd
format: 1
label: Herd
title_field: name
fields:
  name:   {type: text, label: Name}
  size:   {type: integer, label: Size}
  milked: {type: roll_up, label: Milked, of: cow, via: herd, aggregate: sum, field: milk,
           filter: sold == false}
---
kind: entity
id: cow
format: 1
label: Cow
title_field: name
indexes: {by_born: {fields: [born]}}
fields:
  name:    {type: text, label: Name}
  phone:   {type: text, label: Phone}
  milk:    {type: integer, label: Milk}
  born:    {type: date, label: Born}
  sold:    {type: boolean, label: Sold}
  entity:  {type: text, label: Called like a setting}
  herd:    {type: link, to: herd, label: Herd}
  keeper:  {type: link, to: person, label: Keeper}
  size:    {type: lookup, label: Size, via: herd, field: size}
---
kind: entity
id: person
format: 1
label: Person
title_field: name
fields:
  name:  {type: text, label: Name}
  phone: {type: text, label: Phone}
  boss:  {type: text, label: Boss}
---
kind: conversion
id: sell
format: 1
from: cow
when: born != null
into:
  buyer:
    entity: person
    match: [phone]
    when: milk > 1
    set: {name: name, phone: phone, boss: herd.size}
then: {sold: "true", entity: phone}
---
kind: approval
id: sale
format: 1
label: Sale
entity: cow
when: milk > 2
locks: [milk, born]
steps:
  one: {when: herd.size > 1, approvers: {keeper: {field: keeper}}}
---
kind: duplicate_rule
id: twins
format: 1
label: Twins
entity: cow
match: {phone: {}, name: {}}
also: {person: {fields: {name: boss}}}
when: sold == false
---
kind: journey
id: life
format: 1
label: Life
of: herd
stations: {grazing: {label: Grazing, entity: cow, when: sold == false, via: herd, since: born}}
---
kind: clock
id: milking
format: 1
label: Milking
entity: cow
due_field: born
start_when: milk > 3
stop_when: sold == true
restart_on: [phone]
pause_when: {away: {when: herd.size == 0, reason: Away}}
---
kind: tag_group
id: worth
format: 1
label: Worth
tags: {high: {label: High}}
rules: {good: {entity: cow, when: milk > 4, tag: high}}
---
kind: role
id: keeper
format: 1
label: Keeper
grants:
  cows: {entity: cow, actions: [read], scope: sold == false, fields: {milk: none, entity: none}}
---
kind: form
id: offer
format: 1
entity: cow
use: [public]
sections: {main: {fields: {name: {show_if: milk > 5}}}}
set: {sold: false}
utm: {source: entity}
query: {ear: phone}
referrer: entity
consent: {text: Yes, version: "1", at: born, version_field: entity}
"""
PLACES = {
    "cow.fields.milk": [
        "approval/sale locks",
        "approval/sale when",
        "clock/milking start_when",
        "conversion/sell into.buyer.when",
        "entity/herd fields.milked.field",
        "form/offer sections.main.fields.name.show_if",
        "role/keeper grants.cows.fields.milk",
        "tag_group/worth rules.good.when",
    ],
    "cow.fields.herd": [
        "approval/sale steps.one.when",
        "clock/milking pause_when.away.when",
        "conversion/sell into.buyer.set.boss",
        "entity/cow fields.size.via",
        "entity/herd fields.milked.via",
        "journey/life stations.grazing.via",
    ],
    "herd.fields.size": [
        "approval/sale steps.one.when",
        "clock/milking pause_when.away.when",
        "conversion/sell into.buyer.set.boss",
        "entity/cow fields.size.field",
    ],
    "cow.fields.sold": [
        "clock/milking stop_when",
        "conversion/sell then.sold",
        "duplicate_rule/twins when",
        "entity/herd fields.milked.filter",
        "form/offer set.sold",
        "journey/life stations.grazing.when",
        "role/keeper grants.cows.scope",
    ],
    "cow.fields.born": [
        "approval/sale locks",
        "clock/milking due_field",
        "conversion/sell when",
        "entity/cow indexes.by_born.fields",
        "form/offer consent.at",
        "journey/life stations.grazing.since",
    ],
    "cow.fields.phone": [
        "clock/milking restart_on",
        "conversion/sell into.buyer.set.phone",
        "conversion/sell then.entity",
        "duplicate_rule/twins match.phone",
        "form/offer query.ear",
    ],
    "cow.fields.entity": [
        "conversion/sell then.entity",
        "form/offer consent.version_field",
        "form/offer referrer",
        "form/offer utm.source",
        "role/keeper grants.cows.fields.entity",
    ],
    "person.fields.phone": [
        "conversion/sell into.buyer.match",
        "conversion/sell into.buyer.set.phone",
    ],
    "person.fields.boss": [
        "conversion/sell into.buyer.set.boss",
        "duplicate_rule/twins also.person.fields.name",
    ],
    "cow.fields.keeper": ["approval/sale steps.one.approvers.keeper.field"],
    "entity/person": [
        "conversion/sell into.buyer.entity",
        "duplicate_rule/twins also.person",
        "entity/cow fields.keeper.to",
    ],
    "entity/cow": [
        "approval/sale entity",
        "clock/milking entity",
        "conversion/sell from",
        "duplicate_rule/twins entity",
        "entity/herd fields.milked.of",
        "form/offer entity",
        "journey/life stations.grazing.entity",
        "role/keeper grants.cows.entity",
        "tag_group/worth rules.good.entity",
    ],
}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    loaded = Loaded()
    load_text(FARM.encode(), "farm.yaml", SCHEMAS, "zh", loaded)
    assert loaded.problems == []
    layer = replace_documents(Layer(name="farm", kind="plugin"), loaded.documents)
    return Catalog(Release(revision=1, layers=(layer,)))


@pytest.mark.parametrize("path", PLACES)
def test_every_place_is_named(catalog: Catalog, path: str) -> None:
    uses = where_used(catalog, SCHEMAS, *parse_path(catalog, path))
    assert sorted(f"{use.document} {'.'.join(use.path)}" for use in uses) == PLACES[path]
