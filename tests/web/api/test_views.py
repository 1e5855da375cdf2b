"""Saved views over the API."""

import pytest

PATH = "/views/x_thing"
STATE = {"conditions": ["count:ge:3"], "sort": "-count"}


def test_a_view_is_saved_changed_chosen_and_deleted(call) -> None:
    made = call("POST", PATH, json={"name": "Many", "state": STATE, "pinned": True})
    assert made.status_code == 201
    one = f"{PATH}/{made.json()['id']}"
    changed = call("PATCH", one, json={"name": "More", "default": True}).json()
    assert (changed["name"], changed["pinned"], changed["default"]) == ("More", True, True)
    assert [view["state"] for view in call("GET", PATH).json()["items"]] == [STATE]
    assert call("DELETE", one).status_code == 204
    assert call("GET", PATH).json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "", "state": {}}, 422, "view.name"),
        ({"name": "a", "state": {"filter": "nothing > 1"}}, 422, "view.missing"),
        ({"name": "a", "state": {"columns": "name"}}, 422, "view.state"),
        ({"name": "a", "more": 1}, 400, "view.state"),
    ],
)
def test_what_is_no_view_is_refused(call, body, status: int, code: str) -> None:
    answer = call("POST", PATH, json=body)
    assert (answer.status_code, answer.json()["problems"][0]["code"]) == (status, code)


def test_sharing_takes_a_right(call, rule) -> None:
    shared = {"name": "Many", "state": STATE, "shared": "role", "role": "staff"}
    assert call("POST", PATH, json=shared).status_code == 403
    made = rule("POST", PATH, json=shared).json()
    given = call("GET", PATH).json()["items"]
    assert [(one["id"], one["may_edit"]) for one in given] == [(made["id"], False)]
    assert call("PATCH", f"{PATH}/{made['id']}", json={"name": "Mine"}).status_code == 403
    assert call("PATCH", f"{PATH}/{made['id']}", json={"pinned": True}).status_code == 200
    assert rule("POST", PATH, json={**shared, "name": "b", "role": "nobody"}).status_code == 422
