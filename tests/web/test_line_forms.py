"""Lines on the form of their record: drawn, added, removed and refused at their cells."""

import pytest

from loopline.services.lines import create, read_lines

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
---
kind: entity
id: x_order_line
format: 1
label: {zh: 订单明细, en: Order line}
title_field: note
parent: x_order
fields:
  order: {type: link, to: x_order, label: {zh: 订单, en: Order}, required: true, on_delete: cascade}
  item:  {type: link, to: x_item, label: {zh: 物料, en: Item}}
  count: {type: integer, label: {zh: 数量, en: Count}, min: 1}
  note:  {type: text, label: {zh: 说明, en: Note}}
"""
NEW, EDIT = "/records/x_order/new", "/records/x_order/{}/edit"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def order(platform, make_record) -> int:
    make_record("x_item", name="Pump")
    make_record("x_item", name="Valve")
    rows = [{"item": 1, "count": 2, "note": "b"}, {"item": 2, "count": 3, "note": "c"}]
    with platform.write(via="cli") as ctx:
        return create(ctx, "x_order", {"name": "a", "lines": rows}).id


@pytest.fixture
def rows_of(platform):
    """Answer a reader of the lines of the order: count and note."""

    def read(order: int):
        with platform.read() as ctx:
            held = read_lines(ctx, ctx.catalog.entity("x_order"), [order], ["lines"])
            lines = held["lines"].get(order, ())
            return [(one.values["count"], one.values["note"]) for one in lines]

    return read


def line(place: int, number: int | str = "", **values: str) -> dict[str, str]:
    """Answer what the form sends for a line."""
    known = {"id": str(number), "item": "", "count": "", "note": "", **values}
    return {f"lines.{place}.{name}": text for name, text in known.items()}


def test_a_new_record_is_made_with_its_lines(ada, rows_of) -> None:
    sent = {**line(0, count="5", note="x"), **line(3, count="6"), **line(4)}
    answer = ada.send(NEW, name="a", **{"lines._known": ""}, **sent)
    assert answer.status_code == 303
    assert rows_of(1) == [(5, "x"), (6, None)]


def test_lines_stand_on_the_form_with_their_inputs(ada, order) -> None:
    page = ada.get(EDIT.format(order)).text
    assert 'name="lines._known" value="1,2"' in page
    assert 'name="lines.1.count" value="3"' in page
    assert '<option value="2" selected>Valve</option>' in page


def test_a_line_is_changed_another_removed_and_one_added(ada, order, rows_of) -> None:
    sent = {**line(0, 1, count="9", note="b"), **line(1, 2, count="3"), **line(2, note="d")}
    gone = {"lines.1._gone": "1", "lines._known": "1,2"}
    assert ada.send(EDIT.format(order), name="a", _base="1", **sent, **gone).status_code == 303
    assert rows_of(order) == [(9, "b"), (None, "d")]


def test_a_line_that_another_added_meanwhile_stays(ada, order, rows_of) -> None:
    sent = {**line(0, 1, count="9", note="b"), "lines._known": "1"}
    ada.send(EDIT.format(order), name="a", _base="1", **sent)
    assert rows_of(order) == [(9, "b"), (3, "c")]


def test_what_is_wrong_stands_by_its_cell(ada, order) -> None:
    sent = {**line(0, 1, count="2", note="b"), **line(1, 2, count="many", note="kept")}
    answer = ada.send(EDIT.format(order), name="a", _base="1", **sent, **{"lines._known": "1,2"})
    assert answer.status_code == 422
    assert 'id="f-lines-1-count-err"' in answer.text
    assert 'href="#f-lines-1-count"' in answer.text
    assert 'value="many"' in answer.text
    assert 'value="kept"' in answer.text


def test_a_bound_of_a_line_is_told_by_its_cell(ada, order) -> None:
    sent = {**line(0, 1, count="0", note="b"), "lines._known": "1,2"}
    answer = ada.send(EDIT.format(order), name="a", _base="1", **sent)
    assert answer.status_code == 422
    assert 'id="f-lines-0-count-err"' in answer.text


def test_a_line_is_added_without_scripts(ada, order) -> None:
    sent = {**line(0, 1, count="7", note="b"), "lines._known": "1,2", "_add": "lines"}
    page = ada.send(EDIT.format(order), name="typed", **sent).text
    assert 'name="lines.0.count" value="7"' in page
    assert 'name="lines.1.count" value=""' in page
    assert 'value="typed"' in page


def test_an_item_is_found_within_a_line_without_scripts(ada, order) -> None:
    find = {"_find": "lines.4.item", "lines.4.item._find": "Valve", "lines._known": ""}
    page = ada.send(EDIT.format(order), name="a", **line(4, count="1"), **find).text
    assert '<option value="2">Valve</option>' in page


def test_the_record_shows_its_lines(ada, order) -> None:
    page = ada.get(f"/records/x_order/{order}").text
    assert '<a href="/records/x_item/1">Pump</a>' in page
    assert "2 行" in ada.get("/records/x_order?columns=name&columns=lines").text
