"""A site with deals in two pipelines: what stages, their history and boards are tried on."""

from typing import Final

from kit.kernel_site import DOCUMENTS

DEALS: Final = """
kind: entity
id: x_deal
format: 1
label: {zh: 单子, en: Deal}
plural: {zh: 单子, en: Deals}
title_field: name
line: pipeline
traits: {owned: true, audited: true, searchable: true}
fields:
  name:   {type: text, label: {zh: 名称, en: Name}, required: true, max_length: 80}
  stage:
    type: choice
    label: {zh: 阶段, en: Stage}
    default: talk
    options:
      talk:  {label: {zh: 沟通, en: Talk}}
      quote: {label: {zh: 报价, en: Quote}}
      check: {label: {zh: 核对, en: Check}}
      won:   {label: {zh: 赢单, en: Won}, tone: ok}
      lost:  {label: {zh: 输单, en: Lost}}
  big:    {type: boolean, label: {zh: 大单, en: Big}}
  amount: {type: money, label: {zh: 金额, en: Amount}, min: 0}
  chance: {type: percent, label: {zh: 赢率, en: Chance}}
  due:    {type: date, label: {zh: 预计签约, en: Due}}
  since:  {type: datetime, label: {zh: 进入阶段, en: Since}}
  closed: {type: date, label: {zh: 结束, en: Closed}}
  reason: {type: text, label: {zh: 原因, en: Reason}, max_length: 40}
  thing:  {type: link, to: x_thing, label: {zh: 物品, en: Thing}}
---
kind: pipeline
id: x_deals
format: 1
entity: x_deal
field: stage
label: {zh: 普通单, en: Usual}
amount_field: amount
probability_field: chance
since_field: since
closed_field: closed
stages:
  talk:  {probability: 10, days: 7}
  quote: {probability: 60, days: 10, enter_if: "amount > 0", require: [amount, due]}
  won:   {probability: 100, closes: won, enter_if: "thing.count > 0",
          message: {zh: 没有库存, en: Out of stock}, from: [quote]}
  lost:  {probability: 0, closes: lost, require: [reason]}
---
kind: pipeline
id: x_big_deals
format: 1
pos: 1
when: big
entity: x_deal
field: stage
label: {zh: 大单, en: Big}
stages:
  talk:  {}
  check: {set: {reason: 'concat("checked ", name)'}, require: [reason]}
  won:   {closes: won}
---
kind: view
id: x_deal_all
format: 1
entity: x_deal
type: list
label: {zh: 全部, en: All}
columns: {name: {}, stage: {}, amount: {}, due: {}}
pos: 1
---
kind: view
id: x_deal_board
format: 1
entity: x_deal
type: kanban
label: {zh: 看板, en: Board}
pipeline: x_deals
sum: [amount]
card: {fields: {amount: {}, due: {}, owner: {}}}
filter: 'name != "secret one"'
sort: [name]
pos: 2
"""
SITE: Final = f"{DOCUMENTS}\n---\n{DEALS}"
