"""A site whose enquiries become firms and jobs: what conversions and journeys are tried on."""

from typing import Final

from kit.kernel_site import DOCUMENTS

CONVERTING: Final = """
kind: entity
id: x_firm
format: 1
label: {zh: 公司, en: Firm}
title_field: name
traits: {owned: true, searchable: true}
fields:
  name:    {type: text, label: {zh: 名称, en: Name}, required: true, max_length: 40}
  phone:   {type: phone, label: {zh: 电话, en: Phone}}
  secret:  {type: text, label: {zh: 秘密, en: Secret}}
  level:   {type: choice, label: {zh: 级别, en: Level}, options: {a: {label: A}, b: {label: B}}}
  wishes:
    type: multi_choice
    label: {zh: 愿望, en: Wishes}
    options: {red: {label: R}, blue: {label: B}}
  x_note:  {type: long_text, label: {zh: 备注, en: Note}}
rules:
  sober: {refuse_when: 'name == "refused"', message: {zh: 不行, en: No}, field: name}
---
kind: entity
id: x_enquiry
format: 1
label: {zh: 询问, en: Enquiry}
title_field: who
traits: {owned: true, searchable: true}
fields:
  who:     {type: text, label: {zh: 谁, en: Who}}
  phone:   {type: phone, label: {zh: 电话, en: Phone}}
  secret:  {type: text, label: {zh: 秘密, en: Secret}}
  level:   {type: choice, label: {zh: 级别, en: Level}, options: {a: {label: A}, b: {label: B}}}
  wishes:
    type: multi_choice
    label: {zh: 愿望, en: Wishes}
    options: {red: {label: R}, blue: {label: B}}
  budget:  {type: decimal, scale: 2, label: {zh: 预算, en: Budget}}
  state:
    type: choice
    label: {zh: 状态, en: State}
    default: open
    options: {open: {label: O}, done: {label: D}, void: {label: V}}
  firm:    {type: link, to: x_firm, label: {zh: 成为, en: Became}, on_delete: clear}
  since:   {type: date, label: {zh: 自, en: Since}}
  x_note:  {type: long_text, label: {zh: 备注, en: Note}}
---
kind: entity
id: x_job
format: 1
label: {zh: 项目, en: Job}
title_field: name
traits: {owned: true, searchable: true}
fields:
  name:    {type: text, label: {zh: 名称, en: Name}, required: true}
  amount:  {type: integer, label: {zh: 金额, en: Amount}, min: 0}
  firm:    {type: link, to: x_firm, label: {zh: 公司, en: Firm}, on_delete: cascade}
  enquiry: {type: link, to: x_enquiry, label: {zh: 询问, en: Enquiry}, on_delete: clear}
  closed:  {type: boolean, label: {zh: 结束, en: Closed}}
---
kind: conversion
id: x_winning
format: 1
label: {zh: 转化, en: Convert}
from: x_enquiry
when: 'state != "void"'
into:
  firm:
    entity: x_firm
    match: [phone, name]
    set: {name: who, phone: phone, secret: secret, level: level, wishes: wishes, owner: owner}
  job:
    entity: x_job
    optional: true
    when: '!is_blank(budget)'
    set: {name: 'concat(into.firm.name, " 1")', amount: budget * 2, firm: into.firm, enquiry: id}
then: {state: '"done"', firm: into.firm}
---
kind: journey
id: x_loop
format: 1
label: {zh: 旅程, en: Journey}
of: x_firm
stations:
  asked:
    entity: x_enquiry
    label: {zh: 询问, en: Asked}
    when: 'state == "open"'
    line: leads
    since: since
    limit: 5
  known: {entity: x_firm, label: {zh: 认识, en: Known}, line: pipeline}
  busy:  {entity: x_job, label: {zh: 在做, en: Busy}, when: '!closed', line: contracts, limit: 3}
  over:  {entity: x_job, label: {zh: 完成, en: Over}, when: closed, line: service}
---
kind: role
id: x_asker
format: 1
label: {zh: 问询员, en: Asker}
grants:
  enquiries:
    entity: x_enquiry
    actions: [read, create, convert]
    scope: own
    fields: {secret: none}
  firms:     {entity: x_firm, actions: [read], scope: own}
---
kind: role
id: x_reader
format: 1
label: {zh: 读者, en: Reader}
grants:
  enquiries: {entity: x_enquiry, actions: [read, update]}
"""
SITE: Final = f"{DOCUMENTS}\n---\n{CONVERTING}"
