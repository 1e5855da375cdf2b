"""The warning before a twin is saved: asked for while a form is filled in, told by right."""

import pytest

from kit.kernel_site import DOCUMENTS
from loopline.testing.fixtures import MakeRecord
from web.visitor import Visitor

RULE = """
---
kind: duplicate_rule
id: x_phone
format: 1
label: {zh: 同一电话, en: Same phone}
entity: x_thing
match: {phone: {}}
"""
ASK = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#twins"}


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + RULE


def _asked(ada: Visitor, path: str, **form: str) -> str:
    data = {"csrf": ada.csrf(), "_refresh": "1", **form}
    return ada.client.post(path, data=data, headers=ASK).text


def test_a_twin_is_told_before_it_is_saved(ada: Visitor, make_record: MakeRecord) -> None:
    known = make_record("x_thing", name="Known", phone="+8613812341234")
    told = _asked(ada, "/records/x_thing/new", phone="138 1234 1234", name="")
    assert 'id="twins"' in told
    assert "Known" in told
    assert f"/records/x_thing/{known.id}" in told
    assert "Known" not in _asked(ada, "/records/x_thing/new", phone="138 1234 0000")
    assert ada.get(f"/records/x_thing/{known.id + 1}").status_code == 404


def test_a_record_is_no_twin_of_itself(ada: Visitor, make_record: MakeRecord) -> None:
    known = make_record("x_thing", name="Known", phone="+8613812341234")
    assert "Known" not in _asked(ada, f"/records/x_thing/{known.id}/edit", phone="13812341234")


def test_forms_without_rules_ask_nothing(ada: Visitor) -> None:
    assert "hx-post" in ada.get("/records/x_thing/new").text.partition('id="twins"')[2][:80]
    assert "hx-post" not in ada.get("/records/x_part/new").text.partition('id="twins"')[2][:80]
