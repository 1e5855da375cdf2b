"""The lines of a record on its page: called, with what they come to, and added up below."""

import re

import pytest

from loopline.services.lines import create

DOCUMENTS = """
kind: entity
id: x_item
format: 1
label: {zh: 物料, en: Item}
title_field: name
fields: {name: {type: text, label: {zh: 名称, en: Name}}}
---
kind: entity
id: x_order
format: 1
label: {zh: 订单, en: Order}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}, required: true}
  lines: {type: lines, to: x_order_line, label: {zh: 明细, en: Lines}}
  total:
    type: rollup
    label: {zh: 合计, en: Total}
    of: x_order_line
    via: order
    aggregate: sum
    field: sum
---
kind: entity
id: x_order_line
format: 1
label: {zh: 订单明细, en: Order line}
title_field: note
parent: x_order
fields:
  order: {type: link, to: x_order, label: {zh: 订单, en: Order}, required: true, on_delete: cascade}
  count: {type: decimal, scale: 3, label: {zh: 数量, en: Count}}
  price: {type: money, label: {zh: 单价, en: Price}}
  sum:   {type: money, label: {zh: 金额, en: Sum}, read_only: true}
  off:   {type: percent, label: {zh: 折扣, en: Off}, default: 0}
  note:  {type: text, label: {zh: 说明, en: Note}}
  item:  {type: link, to: x_item, label: {zh: 物料, en: Item}}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


def test_lines_tell_their_amounts_exactly_and_what_they_add_up_to(platform, ada) -> None:
    rows = [
        {"note": "Pump", "count": "2.500", "price": "46800", "sum": "117000"},
        {"note": "Seal", "count": "1", "price": "600", "sum": "600", "off": "0.05"},
    ]
    with platform.write(via="cli") as ctx:
        order = create(ctx, "x_order", {"name": "a", "lines": rows}).id
    page = re.sub(r"<[^>]+>|\s+", " ", ada.get(f"/records/x_order/{order}").text)
    told = " ".join(page.split())
    assert "Pump ¥117,000.00 数量 2.5 单价 ¥46,800.00 Seal" in told
    assert "Seal ¥600.00 数量 1 单价 ¥600.00 折扣 5%" in told
    assert "合计 ¥117,600.00" in told


def test_a_line_in_brief_tells_what_it_comes_to(platform, ada, make_record) -> None:
    item = make_record("x_item", name="Pump").id
    line = {"note": "two of it", "price": "46800", "sum": "93600", "item": item}
    with platform.write(via="cli") as ctx:
        create(ctx, "x_order", {"name": "a", "lines": [line]})
    page = ada.get(f"/records/x_item/{item}").text
    assert re.findall(r'<b class="end nowrap">([^<]+)</b>', page) == ["¥9.4\N{NO-BREAK SPACE}万"]
