"""Formulas and lookups over the API: read like other fields, refused when written."""

import pytest

from web.test_virtual import ORDER


@pytest.fixture
def site_documents() -> str:
    return ORDER


@pytest.fixture
def order(make_record) -> int:
    buyer = make_record("x_buyer", name="Bolt", city="bj")
    make_record("x_order", name="small", count=1)
    return make_record("x_order", name="large", count=10, buyer=buyer.id).id


def test_a_record_has_them(call, order) -> None:
    body = call("GET", f"/records/x_order/{order}").json()
    assert (body["size"], body["twice"], body["city"]) == ("Bulk", 20, "bj")


def test_lists_are_filtered_sorted_and_cut_by_them(call, order) -> None:
    asked = {"filter": "twice < 20 || city == 'bj'", "sort": "-twice", "fields": "twice,city"}
    items = call("GET", "/records/x_order", params=asked).json()["items"]
    assert [(one["twice"], one["city"]) for one in items] == [(20, "bj"), (2, None)]


def test_pages_follow_each_other(call, order) -> None:
    asked = {"sort": "size", "limit": 1, "fields": "name,size"}
    first = call("GET", "/records/x_order", params=asked).json()
    second = call("GET", "/records/x_order", params=asked | {"cursor": first["next"]}).json()
    assert [one["items"][0]["size"] for one in (first, second)] == ["Bulk", "Piece"]


@pytest.mark.parametrize("name", ["twice", "city"])
def test_writing_them_is_refused(call, order, name: str) -> None:
    answer = call("PATCH", f"/records/x_order/{order}", json={name: "4"})
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["code"] == "field.computed"


def test_the_description_tells_that_they_are_read_only(call, order) -> None:
    fields = call("GET", "/entities/x_order").json()["fields"]
    assert {name: fields[name]["read_only"] for name in ("twice", "city")} == {
        "twice": True,
        "city": True,
    }


def test_grids_group_and_add_them(call, order) -> None:
    query = {
        "dataset": {"entity": "x_order"},
        "dimensions": {"size": {"field": "size"}},
        "measures": {"sum": {"aggregate": "sum", "field": "twice"}},
    }
    rows = call("POST", "/query", json=query).json()["rows"]
    assert [(one["labels"]["size"], one["values"]) for one in rows] == [
        ("Bulk", [20]),
        ("Piece", [2]),
    ]
