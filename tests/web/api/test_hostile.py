"""Nothing that is sent makes the API fail: it answers, or refuses by name."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

THINGS = "/records/x_thing"
FIELDS = ("name", "mail", "phone", "count", "price", "day", "note", "active", "kind_of")
NAMES = st.sampled_from((*FIELDS, "marks", "parent", "code", "id", "_base", "wibble"))
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(exclude_categories=()), max_size=20)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5) | NAMES, inner, max_size=3)
        | inner.map(lambda value: {"by": {"name": value}})
    ),
    max_leaves=6,
)
BODIES = st.dictionaries(NAMES, VALUES, max_size=4) | st.lists(
    st.dictionaries(NAMES, VALUES, max_size=3), max_size=3
)
TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=30)
EXPRESSIONS = st.lists(
    st.sampled_from((*FIELDS, "parent", "parent.name", "==", "<", "in", "&&", "!", "(", ")"))
    | st.sampled_from(("[", "]", ",", '"a"', "1", "99999999999999999", "null", "today()", "me"))
    | TEXTS,
    max_size=8,
).map(" ".join)


@given(body=BODIES)
@settings(max_examples=40)
def test_bodies(call, body) -> None:
    text = json.dumps(body)
    assert call("POST", THINGS, content=text).status_code < 500
    assert call("PATCH", f"{THINGS}/1", content=text).status_code < 500


@given(
    query=st.dictionaries(
        st.sampled_from(("sort", "fields", "q", "limit", "cursor", "count", "view", "deleted")),
        TEXTS | st.sampled_from(("name", "-count", "exact", "parent.name", "5")),
        max_size=4,
    ),
    condition=EXPRESSIONS,
)
@settings(max_examples=60)
def test_queries(call, query, condition) -> None:
    asked = {**query, "filter": condition}
    assert call("GET", THINGS, params=asked).status_code < 500


@given(query=st.dictionaries(TEXTS, TEXTS, max_size=2), tail=TEXTS)
@settings(max_examples=40)
def test_paths(call, query, tail) -> None:
    assert call("GET", f"{THINGS}/{quote(tail)}", params=query).status_code < 500


NO_JSON = (
    b"",
    b"{",
    b"\xff\xfe",
    b"nan",
    b'{"name": NaN}',
    b'{"count": 1e999}',
    b'{"name": "\\ud800"}',
    b"[" * 100_000,
    b'{"a":' * 5000 + b"1" + b"}" * 5000,
)


def test_what_is_no_json_is_refused(call) -> None:
    answers = [call("POST", THINGS, content=body) for body in NO_JSON]
    assert {answer.status_code for answer in answers} == {400}
    assert {answer.json()["problems"][0]["code"] for answer in answers} == {"request.json"}


@pytest.mark.parametrize("word", ["a" * 3000, "9" * 3000, "泵" * 3000, "a 1 " * 2000])
def test_words_of_any_length_are_searched(call, word) -> None:
    call("POST", THINGS, json={"name": word[:80]})
    found = call("GET", THINGS, params={"q": word[:80]})
    assert [one["name"] for one in found.json()["items"]] == [word[:80].strip()]
    assert call("GET", THINGS, params={"q": word}).status_code == 200


@pytest.mark.parametrize("number", [2**63, -(2**64), 1e20])
def test_settings_of_actions_hold_no_number_that_cannot_be_kept(call, number) -> None:
    call("POST", THINGS, json={"name": "A"})
    settings = {"targets": {"a": [{"id": number}]}}
    refused = call("POST", f"{THINGS}/1/actions/convert", json=settings)
    assert refused.json()["problems"][0]["path"] == "settings.targets.a.0.id"
    many = {"act": "action", "action": "convert", "settings": settings, "ids": [1]}
    assert call("POST", f"{THINGS}/bulk", json=many).status_code == 422


def test_bulk_runs_name_records_that_can_be(call) -> None:
    assert call("POST", f"{THINGS}/bulk", json={"act": "delete", "ids": [2**63]}).status_code == 400


@pytest.mark.parametrize(
    ("method", "path", "given"),
    [
        (
            "GET",
            "/access/explain",
            {"params": {"user": "\0", "action": "read", "entity": "x_thing"}},
        ),
        ("GET", "/access/explain", {"params": {"action": "\0", "entity": "\0"}}),
        ("GET", THINGS, {"params": {"view": "\0"}}),
        ("GET", THINGS, {"params": {"q": "a\0b"}}),
        ("POST", f"{THINGS}/1/comments", {"json": {"text": "a\0b"}}),
        ("POST", f"{THINGS}/bulk", {"json": {"act": "tag", "tag": "\0", "ids": [1]}}),
    ],
)
def test_characters_that_no_database_keeps_are_told(call, method, path, given) -> None:
    call("POST", THINGS, json={"name": "A"})
    assert call(method, path, **given).status_code < 500


def test_the_content_type_does_not_matter(call) -> None:
    kinds = ("text/plain", "application/x-www-form-urlencoded", "")
    found = [
        call("POST", THINGS, content=b'{"name": "A"}', headers={"content-type": kind}).status_code
        for kind in kinds
    ]
    assert found == [201, 201, 201]


def test_too_large_a_body_is_refused(call) -> None:
    answer = call("POST", THINGS, content=b" " * (16 * 1024 * 1024 + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    announced = call("POST", THINGS, content=b"{}", headers={"content-length": "9" * 30})
    assert announced.status_code == 413


def test_nul_is_refused_or_finds_nothing(call) -> None:
    value = "a\x00b"
    assert call("POST", THINGS, json={"name": value}).status_code == 422
    linked = {"name": "A", "parent": {"by": {"name": value}}}
    assert call("POST", THINGS, json=linked).status_code == 422
    assert call("GET", THINGS, params={"q": value}).json()["items"] == []
    assert call("GET", THINGS, params={"view": value}).status_code == 404
    assert call("GET", f"/records/{quote(value)}").status_code == 404
