"""Records with their lines over the API: written in one go, read in one go."""

import pytest

DOCUMENTS = """
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
title_field: item
parent: x_order
fields:
  order: {type: link, to: x_order, label: {zh: 订单, en: Order}, required: true, on_delete: cascade}
  item:  {type: text, label: {zh: 品名, en: Item}, required: true}
  count: {type: integer, label: {zh: 数量, en: Count}, min: 1}
"""
PATH = "/records/x_order"


class Api:
    """The API, a method for each of HTTP's."""

    def __init__(self, call) -> None:
        self._call = call

    def __getattr__(self, method: str):
        return lambda path, **given: self._call(method.upper(), path, **given)


@pytest.fixture
def api(call) -> Api:
    return Api(call)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def two(api) -> dict:
    """Answer an order of two lines."""
    lines = [{"item": "bike", "count": 2}, {"item": "mat"}]
    return api.post(PATH, json={"name": "a", "lines": lines}).json()


def items(shape: dict) -> list[tuple[str, object]]:
    return [(one["item"], one["count"]) for one in shape["lines"]]


def test_an_order_is_made_with_its_lines(api, two) -> None:
    assert items(two) == [("bike", 2), ("mat", None)]
    assert items(api.get(f"{PATH}/{two['id']}").json()) == items(two)
    only = api.get(f"{PATH}/{two['id']}?fields=lines").json()
    assert (items(only), "name" in only) == (items(two), False)


def test_lines_are_changed_added_and_taken_away_by_their_ids(api, two) -> None:
    lines = [{"id": two["lines"][1]["id"], "count": 5}, {"item": "rope"}]
    changed = api.patch(f"{PATH}/{two['id']}", json={"lines": lines}).json()
    assert items(changed) == [("mat", 5), ("rope", None)]


def test_lines_that_are_not_named_stay(api, two) -> None:
    assert len(api.patch(f"{PATH}/{two['id']}", json={"name": "b"}).json()["lines"]) == 2


def test_a_wrong_line_leaves_nothing_behind(api) -> None:
    lines = [{"item": "bike"}, {"count": 0}]
    refused = api.post(PATH, json={"name": "a", "lines": lines})
    assert refused.status_code == 422
    told = {(one["path"], one["code"]) for one in refused.json()["problems"]}
    expected = {("fields.lines.1.item", "field.required"), ("fields.lines.1.count", "number.below")}
    assert told == expected
    assert api.get(PATH).json()["items"] == []


def test_lines_of_another_record_are_not_taken(api, two) -> None:
    lines = [{"id": two["lines"][0]["id"], "item": "mine"}]
    other = api.post(PATH, json={"name": "b", "lines": [{"item": "x"}]}).json()
    refused = api.patch(f"{PATH}/{other['id']}", json={"lines": lines})
    assert refused.json()["problems"][0]["code"] == "lines.not_its"
    assert len(api.get(f"{PATH}/{other['id']}").json()["lines"]) == 1


def test_many_are_made_each_whole_or_not_at_all(api) -> None:
    rows = [
        {"name": "a", "lines": [{"item": "bike"}]},
        {"name": "b", "lines": [{"count": 1}]},
        {"name": "c"},
    ]
    made = api.post(PATH, json=rows).json()
    assert [one["index"] for one in made["problems"]] == [1]
    listed = api.get(f"{PATH}?sort=name&fields=name,lines").json()["items"]
    assert [(one["name"], len(one["lines"])) for one in listed] == [("a", 1), ("c", 0)]


def test_lines_go_and_come_back_with_their_record(api, two) -> None:
    path = f"{PATH}/{two['id']}"
    api.delete(path)
    assert api.get("/records/x_order_line").json()["items"] == []
    api.post(f"{path}/restore")
    assert items(api.get(path).json()) == items(two)


def test_what_is_no_list_of_lines_is_refused(api) -> None:
    refused = api.post(PATH, json={"name": "a", "lines": "bike"})
    assert refused.json()["problems"][0]["code"] == "lines.unreadable"
