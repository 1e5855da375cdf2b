"""Pages at the edges of what can be asked, over HTTP."""

import re
from html import unescape
from unittest.mock import ANY
from urllib.parse import quote

import pytest

from loopline.bootstrap import Platform
from loopline.services.records import get
from loopline.testing import publish_documents
from web.visitor import Visitor

HUGE = "9" * 30
ORPHANS = """
kind: entity
id: x_thing
extend: true
rules:
  orphan:
    refuse_when: "count == 7 && is_blank(parent)"
    message: {zh: 必须有上级, en: A parent is needed}
    field: parent
"""
ODD = [
    f"/records/x_thing/{HUGE}",
    "/records/x_thing/abc",
    "/records/nothing",
    "/records/nothing/new",
    "/pick/nothing",
    "/nothing",
]
STRANGE = [
    "sort=nothing,note",
    "sort=marks",
    "sort=-parent",
    "cursor=zzz",
    "columns=nothing",
    "view=nothing",
    "c=nothing",
    "c=price:ge:many",
    "c=day:eq:someday",
    "c=parent:eq:%C2%B2",
    f"c=parent:eq:{HUGE}",
    "c=kind_of:eq:nothing",
    "filter=%00",
    "filter=name+%3D%3D",
    "filter=" + "(" * 500,
    "q=%00",
    "q=" + "x" * 2000,
    "on=nothing&op=eq&value=1",
    "at.name=x&columns=name",
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.mark.parametrize("path", ODD)
def test_what_is_not_there_is_not_found(ada: Visitor, path: str) -> None:
    assert ada.get(path).status_code == 404


@pytest.mark.parametrize("query", STRANGE)
def test_a_strange_list_is_answered_or_explained(ada: Visitor, query: str) -> None:
    assert ada.get(f"/records/x_thing?{query}").status_code in {200, 303, 422}


@pytest.mark.parametrize("query", ["before=%C2%B2", f"before={HUGE}", "tab=nothing", "list.c=x"])
def test_a_strange_record_page_is_answered(ada: Visitor, query: str) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    assert ada.get(f"/records/x_thing/1?{query}").status_code == 200


def test_an_expression_cannot_leave_its_brackets(ada: Visitor) -> None:
    page = ada.get("/records/x_thing?filter=true)+||+(true&c=name:eq:nobody")
    assert page.status_code == 422


def test_the_filter_form_leads_to_the_list_with_one_more_condition(ada: Visitor) -> None:
    asked = "c=kind_of:eq:big&on=count&op=ge&value=3"
    location = ada.get(f"/records/x_thing?{asked}").headers["location"]
    assert location == "/records/x_thing?c=kind_of%3Aeq%3Abig&c=count%3Age%3A3"


def test_an_error_keeps_the_frame_and_leads_back_to_the_list(ada: Visitor) -> None:
    page = ada.get("/records/x_thing/99").text
    assert 'id="side"' in page
    assert 'class="btn primary" href="/records/x_thing"' in page


def test_a_stranger_sees_an_error_without_the_frame(visitor: Visitor) -> None:
    assert 'id="side"' not in visitor.get("/nothing").text


@pytest.mark.parametrize("whose", ["mine", "all", "nobody"])
def test_home_counts_for_one_or_for_all(ada: Visitor, whose: str) -> None:
    assert ada.get(f"/?whose={whose}").status_code == 200


def test_an_edit_tells_what_is_unreadable_and_what_is_missing_at_once(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    page = ada.send("/records/x_thing/1/edit", _base="1", name="", count="many")
    assert page.status_code == 422
    assert 'href="#f-name"' in page.text
    assert 'href="#f-count"' in page.text


def test_the_example_of_an_expression_is_one_the_list_takes(ada: Visitor) -> None:
    page = ada.get("/records/x_thing").text
    found = re.search(r"<code>(.*?)</code>", page)
    assert ada.get(f"/records/x_thing?filter={quote(unescape(found[1]))}").status_code == 200


def test_an_error_speaks_the_language_of_the_person(ada: Visitor) -> None:
    ada.send("/language", language="en", next="/")
    assert "Page not found" in ada.get("/nothing", **{"accept-language": "zh"}).text


def test_a_refused_deletion_leads_back_and_says_what_holds_it(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    ada.send("/records/x_lock/new", name="Lock", thing="1")
    answer = ada.send("/records/x_thing/1/delete")
    assert answer.headers["location"] == "/records/x_thing/1"
    page = ada.get("/records/x_thing/1").text
    assert "toast bad" in page
    assert "锁" in page


def test_a_refused_deletion_changes_nothing(platform: Platform, ada: Visitor) -> None:
    publish_documents(platform, ORPHANS)
    ada.send("/records/x_thing/new", name="Pump")
    ada.send("/records/x_thing/new", name="Free", parent="1")
    ada.send("/records/x_thing/new", name="Bound", parent="1", count="7")
    assert ada.send("/records/x_thing/1/delete").headers["location"] == "/records/x_thing/1"
    with platform.read() as ctx:
        assert [get(ctx, "x_thing", one).values["parent"] for one in (2, 3)] == [1, 1]


def test_a_deletion_leads_back_to_the_list_as_it_was(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    answer = ada.send("/records/x_thing/1/delete?list.sort=name&list.q=pu")
    assert answer.headers["location"] == "/records/x_thing?q=pu&sort=name"


def test_save_and_new_keeps_what_the_address_prescribes(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    answer = ada.send("/records/x_part/new?thing=1", name="Seal", thing="1", _then="new")
    assert answer.headers["location"] == "/records/x_part/new?thing=1"


def test_a_record_offers_an_activity_about_itself(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    assert "/records/activity/new?about=x_thing%3A1" in ada.get("/records/x_thing/1").text
    form = ada.get("/records/activity/new?about=x_thing%3A1").text
    assert "Pump" in form


def test_an_edit_writes_only_what_was_changed(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump", price="1", note="calm")
    ada.send("/records/x_thing/1/edit", _base="1", name="Pump", price="2.00", note="calm")
    answer = ada.send("/records/x_thing/1/edit", _base="1", name="Pump", price="1.00", note="loud")
    assert answer.status_code == 303
    page = ada.get("/records/x_thing/1").text
    assert "loud" in page
    assert "2.00" in page


def test_a_form_with_errors_keeps_the_version_it_was_begun_on(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    ada.send("/records/x_thing/1/edit", _base="1", note="theirs")
    page = ada.send("/records/x_thing/1/edit", _base="1", note="mine", count="many")
    assert page.status_code == 422
    assert 'name="_base" value="1"' in page.text
    assert ada.send("/records/x_thing/1/edit", _base="1", note="mine").status_code == 409


def test_a_partial_request_answers_the_region_alone(ada: Visitor) -> None:
    headers = {"HX-Request-Type": "partial", "HX-Target": "section#list"}
    part = ada.get("/records/x_thing", **headers)
    assert part.text.lstrip().startswith("<section")
    assert "HX-Target" in part.headers["vary"]


def test_candidates_are_found_by_a_part_of_the_name(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="渣浆泵")
    items = ada.get("/pick/x_thing?q=渣浆").json()["items"]
    assert items == [{"value": "1", "label": "渣浆泵", "note": ANY}]
