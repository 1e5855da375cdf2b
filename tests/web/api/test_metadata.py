"""Metadata over HTTP: plan, publish, read, roll back."""

import pytest

COLOUR = {
    "kind": "entity",
    "id": "user",
    "extend": True,
    "format": 1,
    "fields": {"x_colour": {"type": "text", "label": {"zh": "颜色", "en": "Colour"}}},
}


@pytest.fixture
def plan(rule) -> dict:
    return rule("POST", "/metadata/plan", json={"layer": "site", "documents": [COLOUR]}).json()


def test_a_plan_tells_what_it_would_do_and_does_nothing(rule, plan) -> None:
    assert {one["class"] for one in plan["operations"]} == {"instant"}
    assert "x_colour" in plan["operations"][0]["sql"]
    assert plan["findings"] == []
    assert "x_colour" not in rule("GET", "/entities/user").json()["fields"]


def test_a_published_plan_is_a_release(rule, plan) -> None:
    done = rule("POST", "/metadata/publish", json={"plan": plan["plan"], "note": "Colours"})
    assert (done.status_code, done.json()) == (201, {"release": plan["base"] + 1})
    newest = rule("GET", "/metadata/releases").json()["items"][0]
    assert (newest["release"], newest["note"]) == (plan["base"] + 1, "Colours")
    items = rule("GET", "/metadata/documents?layer=site").json()["items"]
    assert [one["fields"] for one in items if one["id"] == "user"] == [COLOUR["fields"]]
    made = rule("POST", "/records/user", json={"name": "Bo", "x_colour": "red"})
    assert made.json()["x_colour"] == "red"


def test_a_plan_is_refused_once_the_head_moved(rule, plan) -> None:
    rule("POST", "/metadata/publish", json={"plan": plan["plan"]})
    again = rule("POST", "/metadata/publish", json={"plan": plan["plan"]})
    assert (again.status_code, again.json()["code"]) == (409, "publish.head_moved")


def test_a_rollback_is_a_new_release(rule, plan) -> None:
    rule("POST", "/metadata/publish", json={"plan": plan["plan"]})
    back = rule("POST", "/metadata/rollback", json={"to": plan["base"]})
    assert (back.status_code, back.json()) == (201, {"release": plan["base"] + 2})
    assert "x_colour" not in rule("GET", "/entities/user").json()["fields"]


def test_documents_are_refused_with_every_problem(rule) -> None:
    wrong = {
        **COLOUR,
        "fields": {"x_a": {"type": "text", "wibble": 2}, "x_b": {"type": "text", "wibbl": 1}},
    }
    answer = rule("POST", "/metadata/plan", json={"documents": [wrong]})
    assert answer.status_code == 422
    assert {one["path"].split()[0] for one in answer.json()["problems"]} == {"documents.0"}
    assert len(answer.json()["problems"]) > 1


def test_findings_keep_a_plan_from_being_published(rule) -> None:
    fields = {"x_link": {"type": "link", "to": "wibble", "label": "L"}}
    found = rule("POST", "/metadata/plan", json={"documents": [{**COLOUR, "fields": fields}]})
    assert found.json()["findings"][0]["code"] == "metadata.no_target"
    refused = rule("POST", "/metadata/publish", json={"plan": found.json()["plan"]})
    assert (refused.status_code, refused.json()["code"]) == (422, "publish.not_valid")


REFUSED = (
    ("plan", [], 400),
    ("plan", {"documents": 5}, 400),
    ("plan", {"documents": [], "layer": 5}, 400),
    ("plan", {"documents": [], "layer": "wibble"}, 404),
    ("plan", {"documents": [], "layer": "kernel"}, 403),
    ("plan", {"documents": [5, {}, {"kind": ["a"]}]}, 422),
    ("publish", {"plan": "wibble"}, 404),
    ("publish", {"plan": 5}, 400),
    ("publish", {"plan": "x", "note": "a\x00b"}, 400),
    ("rollback", {"to": 0}, 400),
    ("rollback", {"to": True}, 400),
    ("rollback", {"to": 2**63}, 400),
    ("rollback", {"to": 99}, 404),
)


def test_what_cannot_be_done_says_so(rule) -> None:
    found = [rule("POST", f"/metadata/{path}", json=body).status_code for path, body, _ in REFUSED]
    assert found == [status for _, _, status in REFUSED]


def test_an_unknown_layer_has_no_documents(rule) -> None:
    assert rule("GET", "/metadata/documents?layer=wibble").status_code == 404
