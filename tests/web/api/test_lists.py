"""Lists over HTTP: filter, sort, fields, search, views, pages, counts, exports."""

import json

import pytest

THINGS = "/records/x_thing"


@pytest.fixture
def things(call) -> list[int]:
    rows = [{"name": f"Thing {n}", "count": n, "kind_of": "big"} for n in range(1, 6)]
    made = call("POST", THINGS, json=rows).json()["created"]
    call("PATCH", f"{THINGS}/{made[1]}", json={"parent": made[0], "kind_of": None})
    return made


def names(answer) -> list[str]:
    return [one["name"] for one in answer.json()["items"]]


def refused(answer) -> tuple[int, str, str]:
    problem = answer.json()["problems"][0]
    return answer.status_code, problem["path"], problem["code"]


def test_a_filter_and_a_sort(call, things) -> None:
    found = call("GET", THINGS, params={"filter": "count > 2", "sort": "kind_of,-count"})
    assert names(found) == ["Thing 5", "Thing 4", "Thing 3"]
    assert found.json()["next"] is None
    assert found.json()["count"] is None


def test_pages_follow_each_other_without_gap(call, things) -> None:
    seen, cursor = [], ""
    for _ in range(3):
        page = call("GET", THINGS, params={"sort": "count", "limit": 2, "cursor": cursor})
        seen, cursor = seen + names(page), page.json()["next"]
    assert (seen, cursor) == ([f"Thing {n}" for n in range(1, 6)], None)


def test_counts(call, things) -> None:
    exact = call("GET", THINGS, params={"count": "exact", "filter": "count < 3", "limit": 1})
    assert exact.json()["count"] == {"value": 2, "exact": True}
    assert call("GET", f"{THINGS}?count=estimate").json()["count"]["value"] == 5


def test_fields_reach_one_hop(call, things) -> None:
    asked = {"fields": "name,parent.name,parent.created_at,parent.kind_of", "filter": "count == 2"}
    item = call("GET", THINGS, params=asked).json()["items"][0]
    assert (item["parent.name"], item["parent.kind_of"]) == ("Thing 1", "big")
    assert item["parent.created_at"] == item["created_at"]
    assert "count" not in item


def test_search(call, things) -> None:
    assert names(call("GET", f"{THINGS}?q=thing%204")) == ["Thing 4"]


UNREADABLE = {
    "wibble=1": ("wibble", "request.parameter"),
    "filter=wibble == 1": ("filter", "expr.unknown_field"),
    "filter=count >": ("filter", "expr.incomplete"),
    "sort=wibble": ("sort", "query.sort"),
    "fields=wibble": ("fields", "field.unknown"),
    "fields=parent.wibble": ("fields", "field.unknown"),
    "fields=parent.parent.name": ("fields", "field.unknown"),
    "limit=0": ("limit", "query.limit"),
    "limit=%C2%B2": ("limit", "query.limit"),
    "limit=1001": ("limit", "query.limit"),
    "count=some": ("count", "request.choice"),
    "deleted=perhaps": ("deleted", "request.flag"),
    "cursor=x": ("cursor", "query.cursor"),
    "cursor=W1siaWQiXSxbInQiXV0": ("cursor", "query.cursor"),
}


def test_what_cannot_be_read_is_named(call) -> None:
    found = {query: refused(call("GET", f"{THINGS}?{query}")) for query in UNREADABLE}
    assert found == {query: (400, *wanted) for query, wanted in UNREADABLE.items()}


def test_a_view_and_a_format_that_do_not_exist(call) -> None:
    assert call("GET", f"{THINGS}?view=wibble").status_code == 404
    assert refused(call("GET", f"{THINGS}/export?format=doc"))[0] == 400
    assert call("GET", f"{THINGS}/export?view=wibble").status_code == 404
    assert refused(call("GET", f"{THINGS}/export?filter=wibble")) == (
        400,
        "filter",
        "expr.unknown_field",
    )


def test_an_export_holds_every_record_that_matches(call, things) -> None:
    asked = {"format": "json", "filter": "count > 3", "fields": "name,count", "sort": "-count"}
    answer = call("GET", f"{THINGS}/export", params=asked)
    rows = json.loads(answer.content)
    assert [list(row.values())[1:] for row in rows] == [["Thing 5", 5], ["Thing 4", 4]]
    assert answer.headers["content-disposition"] == 'attachment; filename="x_thing.json"'


def test_an_export_comes_in_every_format(call, things) -> None:
    begins = {"xlsx": b"PK", "csv": b"\xef\xbb\xbf", "json": b"["}
    answers = {wanted: call("GET", f"{THINGS}/export?format={wanted}") for wanted in begins}
    assert all(answers[wanted].content.startswith(begin) for wanted, begin in begins.items())
