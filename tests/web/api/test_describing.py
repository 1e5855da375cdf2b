"""What the API says of itself: health, entities, the OpenAPI document, the page for people."""

import pytest
from jsonschema import Draft202012Validator

from loopline.web.api.routing import operations

VERBS = {"get", "post", "patch", "delete"}


@pytest.fixture
def document(ask) -> dict:
    return ask(None, "GET", "/openapi.json").json()


def operations_of(document: dict) -> list[tuple[str, dict]]:
    return [(path, one) for path, verbs in document["paths"].items() for one in verbs.values()]


def test_health_needs_no_token(ask) -> None:
    assert ask(None, "GET", "/health").json()["status"] == "ok"


def test_entities_come_as_resolved(call) -> None:
    assert "x_thing" in [one["id"] for one in call("GET", "/entities").json()["items"]]
    one = call("GET", "/entities/x_thing?provenance=1").json()
    assert (one["kind"], one["fields"]["parent"]["to"]) == ("entity", "x_thing")
    assert one["rules"]["sane"]["refuse_when"].startswith("count > 1000")
    assert one["provenance"]["fields.name.label.zh"] == "site"
    assert call("GET", "/entities/x_thing?provenance=perhaps").status_code == 400


def test_every_route_has_a_scope(platform) -> None:
    public = [one.path for one in operations(platform) if one.scope == "public"]
    assert public == ["/public/forms/{form}", "/health", "/openapi.json", "/docs"]
    writing = [one for one in operations(platform) if one.writes and one.scope != "public"]
    assert {one.scope for one in writing} == {"write", "metadata"}


def test_the_document_lists_every_operation_once(platform, document) -> None:
    listed = {
        (verb.upper(), path.removeprefix("/api/v1"))
        for path, verbs in document["paths"].items()
        for verb in verbs
    }
    assert listed == {(one.method, one.shown_path) for one in operations(platform)}
    ids = [one["operationId"] for _, one in operations_of(document)]
    assert len(ids) == len(set(ids))


def test_the_document_keeps_the_structure_of_openapi(document) -> None:
    assert document["openapi"].startswith("3.1.")
    assert {verb for verbs in document["paths"].values() for verb in verbs} <= VERBS
    for path, one in operations_of(document):
        in_path = {found["name"] for found in one["parameters"] if found["in"] == "path"}
        assert in_path == {part[1:-1] for part in path.split("/") if part.startswith("{")}
        assert all(found.get("required") for found in one["parameters"] if found["in"] == "path")
        assert all("description" in answer for answer in one["responses"].values())
        assert [code for code in one["responses"] if code.startswith("2")]


def test_the_document_holds_valid_schemas(document) -> None:
    Draft202012Validator.check_schema(document["components"]["schemas"]["Problem"])
    for _, one in operations_of(document):
        for parameter in one["parameters"]:
            Draft202012Validator.check_schema(parameter["schema"])


def test_the_page_for_people_runs_no_script(ask, platform) -> None:
    page = ask(None, "GET", "/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script" not in page.text
    assert "style=" not in page.text
    assert all(f"/api/v1{one.shown_path}" in page.text for one in operations(platform))
