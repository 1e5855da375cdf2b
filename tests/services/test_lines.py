"""Lines have no rights of their own: they go with the record that they belong to."""

import pytest

from loopline.errors import Forbidden, LooplineError, NotValid
from loopline.services.bin import delete, restore
from loopline.services.lines import create, read_lines, update

DOCUMENTS = """
kind: entity
id: x_order
format: 1
label: {zh: 订单, en: Order}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  lines: {type: lines, to: x_order_line, label: {zh: 明细, en: Lines}}
---
kind: entity
id: x_order_line
format: 1
label: {zh: 订单明细, en: Order line}
title_field: item
parent: x_order
fields:
  order: {type: link, to: x_order, label: {zh: 订单, en: Order}, required: true, on_delete: cascade}
  item:  {type: text, label: {zh: 品名, en: Item}}
---
kind: role
id: x_clerk
format: 1
label: {zh: 文员, en: Clerk}
grants: {orders: {entity: x_order, actions: [read, create, update, delete, restore]}}
---
kind: role
id: x_reader
format: 1
label: {zh: 读者, en: Reader}
grants: {orders: {entity: x_order, actions: [read, update], fields: {lines: read}}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def clerk(as_user):
    return as_user("Clerk", roles=("x_clerk",))


@pytest.fixture
def order(platform, clerk) -> int:
    with platform.write(clerk) as ctx:
        return create(ctx, "x_order", {"name": "a", "lines": [{"item": "b"}, {"item": "c"}]}).id


@pytest.fixture
def items(platform, order):
    def read() -> list[object]:
        with platform.read() as ctx:
            entity = ctx.catalog.entity("x_order")
            found = read_lines(ctx, entity, [order], ["lines"])["lines"].get(order, ())
            return [one.values["item"] for one in found]

    return read


def test_who_may_write_the_order_writes_its_lines(platform, clerk, order, items) -> None:
    with platform.write(clerk) as ctx:
        update(ctx, "x_order", order, {"lines": [{"item": "d"}]})
    assert items() == ["d"]


def test_lines_go_and_come_back_with_their_order(platform, clerk, order, items) -> None:
    with platform.write(clerk) as ctx:
        delete(ctx, "x_order", order)
    assert items() == []
    with platform.write(clerk) as ctx:
        restore(ctx, "x_order", order)
    assert items() == ["b", "c"]


def test_a_line_is_not_reached_without_its_order(platform, clerk, order) -> None:
    with platform.write(clerk) as ctx, pytest.raises(LooplineError):
        delete(ctx, "x_order_line", 1)


def test_lines_that_are_only_read_are_not_written(platform, as_user, order, items) -> None:
    reader = as_user("Reader", roles=("x_reader",))
    with platform.write(reader) as ctx, pytest.raises((NotValid, Forbidden)) as refused:
        update(ctx, "x_order", order, {"lines": []})
    assert [one.code for one in refused.value.problems] == ["field.forbidden"]
    assert items() == ["b", "c"]
