"""Records over HTTP: create, read, change, delete, restore."""

import pytest

THINGS = "/records/x_thing"


@pytest.fixture
def thing(call) -> dict:
    return call("POST", THINGS, json={"name": "Lathe", "count": 3}).json()


def paths(answer) -> list[str]:
    return [one["path"] for one in answer.json()["problems"]]


def test_a_created_record_is_named_and_versioned(call) -> None:
    made = call("POST", THINGS, json={"name": "Lathe", "price": "12.50", "day": "2026-01-31"})
    assert made.status_code == 201
    body = made.json()
    assert made.headers["location"] == f"/api/v1{THINGS}/{body['id']}"
    assert made.headers["etag"] == '"1"'
    assert (body["price"], body["day"], body["code"]) == ("12.50", "2026-01-31", "T-2026-0001")
    assert call("GET", f"{THINGS}/{body['id']}").json() == body


def test_everything_wrong_with_a_record_is_named(call) -> None:
    answer = call("POST", THINGS, json={"mail": "x", "count": "many", "wibble": 1, "id": 3})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    wanted = {"fields.name", "fields.mail", "fields.count", "fields.wibble", "fields.id"}
    assert set(paths(answer)) == wanted
    assert answer.json()["code"] == "not_valid"


def test_links_are_found_by_a_field(call, thing) -> None:
    by_name = call("POST", THINGS, json={"name": "A", "parent": {"by": {"name": "lathe"}}})
    assert by_name.json()["parent"] == thing["id"]
    for by in ({"name": "none"}, {"wibble": "x"}, {}):
        refused = call("POST", THINGS, json={"name": "A", "parent": {"by": by}})
        assert (refused.status_code, paths(refused)) == (422, ["fields.parent"])


def test_an_array_keeps_what_is_right(call) -> None:
    rows = [{"name": "A"}, {"name": ""}, {"parent": {"by": {"wibble": 1}}, "name": "C"}]
    found = call("POST", THINGS, json=rows).json()
    assert (len(found["created"]), [one["index"] for one in found["problems"]]) == (1, [1, 2])


def test_an_atomic_array_is_kept_whole_or_not_at_all(call) -> None:
    refused = call("POST", f"{THINGS}?mode=atomic", json=[{"name": "A"}, {"count": -1}])
    assert refused.status_code == 422
    assert set(paths(refused)) == {"1.fields.name", "1.fields.count"}
    assert call("GET", THINGS).json()["items"] == []
    assert len(call("POST", f"{THINGS}?mode=atomic", json=[{"name": "A"}]).json()["created"]) == 1


def test_at_most_a_thousand_at_once(call) -> None:
    assert len(call("POST", THINGS, json=[{"name": "A"}] * 1000).json()["created"]) == 1000
    assert call("POST", THINGS, json=[{"name": "A"}] * 1001).status_code == 413


def test_if_match_is_strict(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    first = call("PATCH", path, json={"name": "B"}, headers={"if-match": '"1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"2"')
    again = call("PATCH", path, json={"name": "C"}, headers={"if-match": '"1"'})
    assert (again.status_code, again.json()["code"]) == (412, "precondition_failed")
    assert call("PATCH", path, json={}, headers={"if-match": "x"}).status_code == 400


def test_deleting_and_restoring_honour_if_match(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    stale, first, second = ({"if-match": f'"{version}"'} for version in (9, 1, 2))
    assert call("DELETE", path, headers=stale).status_code == 412
    assert call("DELETE", path, headers=first).status_code == 204
    assert call("POST", f"{path}/restore", headers=first).status_code == 412
    assert call("POST", f"{path}/restore", headers=second).status_code == 200


def test_a_base_merges_other_fields_and_refuses_the_same(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    call("PATCH", path, json={"name": "Theirs"})
    merged = call("PATCH", path, json={"count": 5, "_base": 1}).json()
    assert (merged["name"], merged["count"]) == ("Theirs", 5)
    clash = call("PATCH", path, json={"name": "Yours", "_base": 1})
    assert clash.status_code == 409
    problem = clash.json()["problems"][0]
    sides = (problem["base"], problem["yours"], problem["theirs"])
    assert (problem["path"], sides) == ("fields.name", ("Lathe", "Yours", "Theirs"))


def test_a_base_that_never_was_is_refused(call, thing) -> None:
    refused = call("PATCH", f"{THINGS}/{thing['id']}", json={"count": 5, "_base": 2})
    assert (refused.status_code, paths(refused)) == (422, ["_base"])
    assert call("GET", f"{THINGS}/{thing['id']}").json()["count"] == 3


def test_fields_are_asked_for_as_in_a_list(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    child = call("POST", THINGS, json={"name": "Chuck", "parent": thing["id"]}).json()["id"]
    only = call("GET", f"{THINGS}/{child}?fields=name,parent.count")
    listed = call("GET", f"{THINGS}?fields=name,parent.count&filter=id=={child}").json()["items"]
    assert (only.json(), only.headers["etag"]) == (listed[0], '"1"')
    assert (listed[0]["name"], listed[0]["parent.count"]) == ("Chuck", 3)
    assert paths(call("GET", f"{path}?fields=wibble")) == ["fields"]


def test_the_last_write_wins_without_either(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    call("PATCH", path, json={"name": "B"})
    assert call("PATCH", path, json={"name": "C"}).json()["name"] == "C"
    entries = call("GET", f"{path}/timeline?limit=2").json()
    assert entries["items"][0]["changes"] == {"name": {"old": "B", "new": "C"}}
    older = call("GET", f"{path}/timeline?before={entries['next']}").json()
    assert [one["action"] for one in older["items"]] == ["create"]


def test_a_deleted_record_comes_back(call, thing) -> None:
    path = f"{THINGS}/{thing['id']}"
    assert call("DELETE", path).status_code == 204
    assert call("GET", path).status_code == 404
    assert call("PATCH", path, json={"name": "B"}).status_code == 404
    assert [one["id"] for one in call("GET", f"{THINGS}?deleted=1").json()["items"]] == [
        thing["id"]
    ]
    assert call("POST", f"{path}/restore").json()["name"] == "Lathe"
    assert call("POST", f"{path}/restore").status_code == 404


def test_a_record_that_is_linked_to_stays(call, thing) -> None:
    call("POST", "/records/x_lock", json={"name": "L", "thing": thing["id"]})
    refused = call("DELETE", f"{THINGS}/{thing['id']}")
    assert (refused.status_code, paths(refused)) == (409, ["x_lock.thing"])
    assert call("PATCH", "/records/x_lock/1", json={"name": "M"}).status_code == 403
