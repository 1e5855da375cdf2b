"""A site of the kernel alone, with a few entities of its own to try everything on."""

import pytest

DOCUMENTS = """
kind: numbering
id: x_thing
format: 1
pattern: "T-{yyyy}-{n:04d}"
restart: year
---
kind: entity
id: x_thing
format: 1
label: {zh: 物品, en: Thing}
title_field: name
traits: {audited: true, searchable: true}
fields:
  name:    {type: text, label: {zh: 名称, en: Name}, required: true, max_length: 80}
  code:    {type: code, label: {zh: 编码, en: Code}, numbering: x_thing}
  mail:    {type: email, label: {zh: 邮箱, en: E-mail}, unique: yes}
  phone:   {type: phone, label: {zh: 电话, en: Phone}, unique: warn}
  count:   {type: integer, label: {zh: 数量, en: Count}, min: 0}
  price:   {type: decimal, scale: 2, label: {zh: 价格, en: Price}}
  day:     {type: date, label: {zh: 日期, en: Day}}
  note:    {type: long_text, label: {zh: 备注, en: Note}}
  active:  {type: boolean, label: {zh: 在用, en: Active}, default: true}
  kind_of:
    type: choice
    label: {zh: 种类, en: Kind}
    options: {big: {label: {zh: 大, en: Big}}, small: {label: {zh: 小, en: Small}}}
  marks:
    type: multi_choice
    label: {zh: 标记, en: Marks}
    options: {red: {label: {zh: 红, en: Red}}, blue: {label: {zh: 蓝, en: Blue}}}
  parent:  {type: link, to: x_thing, label: {zh: 上级, en: Parent}, on_delete: clear}
rules:
  sane:
    refuse_when: "count > 1000 && kind_of == 'small'"
    message: {zh: 小物品不能超过一千, en: Small things number at most a thousand}
    field: count
---
kind: entity
id: x_part
format: 1
label: {zh: 零件, en: Part}
traits: {searchable: true}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  thing: {type: link, to: x_thing, label: {zh: 物品, en: Thing}, on_delete: cascade}
indexes: {once: {fields: [name, thing], unique: true}}
---
kind: entity
id: x_lock
format: 1
label: {zh: 锁, en: Lock}
title_field: name
traits: {append_only: true}
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  thing: {type: link, to: x_thing, label: {zh: 物品, en: Thing}, on_delete: restrict}
"""


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Leave every plugin out."""
    return frozenset({"*"})


@pytest.fixture
def site_documents() -> str:
    """Answer the site's own documents."""
    return DOCUMENTS
