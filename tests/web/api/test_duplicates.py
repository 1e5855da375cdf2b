"""Duplicates over HTTP: told before anything is written, and listed where they stand."""

import pytest

from loopline.testing import publish_documents

RULE = """
kind: duplicate_rule
id: x_phone
format: 1
label: {zh: 同一电话, en: Same phone}
entity: x_thing
match: {phone: {}}
"""


@pytest.fixture
def thing(platform, call) -> int:
    publish_documents(platform, RULE)
    return call("POST", "/records/x_thing", json={"name": "T", "phone": "13812341234"}).json()["id"]


def test_what_looks_the_same_is_told_with_a_reason(call, thing: int) -> None:
    asked = {"values": {"phone": "+86 138-1234-1234", "count": "many", "other": 1}}
    (found,) = call("POST", "/records/x_thing/duplicates", json=asked).json()["duplicates"]
    assert found == {
        "rule": "x_phone",
        "label": "Same phone",
        "on_match": "warn",
        "entity": "x_thing",
        "id": thing,
        "title": "T",
        "owner": None,
        "fields": ["phone"],
        "likeness": 100.0,
        "message": "Phone as in Thing “T”",
    }


def test_the_record_itself_is_left_out(call, thing: int) -> None:
    asked = {"values": {"phone": "13812341234"}, "id": thing}
    found = call("POST", "/records/x_thing/duplicates", json=asked).json()
    assert found == {"duplicates": []}


def test_twins_are_listed(call, thing: int) -> None:
    other = call("POST", "/records/x_thing", json={"name": "U", "phone": "13812341234"}).json()
    (group,) = call("GET", "/records/x_thing/duplicates?rule=x_phone").json()["groups"]
    assert [one["id"] for one in group["records"]] == [thing, other["id"]]
    assert call("GET", "/records/x_thing/duplicates?rule=none").status_code == 404


def test_a_body_without_values_is_refused(call, thing: int) -> None:
    assert call("POST", "/records/x_thing/duplicates", json=[]).status_code == 400
