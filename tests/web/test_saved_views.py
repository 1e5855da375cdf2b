"""Saved views on pages: kept, opened, pinned, begun with, shared, told of what is gone."""

import pytest

from loopline.testing import publish_documents
from web.visitor import Visitor, add_person

LIST = "/records/x_thing"
STATE = {"list.view": "", "list.c": "count:ge:3", "list.sort": "-count", "list.columns": "count"}
OPENED = f"{LIST}?c=count%3Age%3A3&sort=-count&columns=count&saved=1"
RETIRED = """
kind: entity
id: x_thing
extend: true
unset: [fields.price]
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def root(platform, visitor: Visitor) -> Visitor:
    """Answer an administrator, signed in."""
    visitor.sign_in(add_person(platform, "Root", administrator=True))
    return visitor


def save(who: Visitor, **form: str):
    return who.send(f"{LIST}/views", name="Many", **{**STATE, **form})


def test_a_list_is_saved_and_opened_as_it_was(ada: Visitor, make_record) -> None:
    for count in (2, 4):
        make_record("x_thing", name=f"Pump {count}", count=count)
    assert save(ada, pinned="1").headers["location"] == OPENED
    page = ada.get(OPENED).text
    assert "Pump 4" in page
    assert "Pump 2" not in page
    assert 'aria-current="page">Many</a>' in page
    assert ">Many</a>" in ada.get(f"{LIST}?q=x").text


def test_a_bare_address_leads_to_the_default(ada: Visitor) -> None:
    save(ada, default="1")
    assert ada.get(LIST).headers["location"] == OPENED
    assert ada.get(f"{LIST}?saved=1").headers["location"] == OPENED
    ada.send(f"{LIST}/views/choose", view="saved-1")
    assert ada.get(LIST).status_code == 200


def test_a_view_of_the_plain_list_is_opened(ada: Visitor) -> None:
    ada.send(f"{LIST}/views", name="All", pinned="1")
    assert ada.get(f"{LIST}?saved=1").status_code == 200


def test_a_name_is_needed_once(ada: Visitor) -> None:
    save(ada)
    ada.send(f"{LIST}/views", **STATE)
    save(ada)
    assert ada.get(f"{LIST}/views").text.count("/views/1/delete") == 1
    assert ada.send(f"{LIST}/views/1", name="x" * 81).status_code == 422
    assert "/views/2/delete" not in ada.get(f"{LIST}/views").text


def test_a_changed_list_is_put_into_its_view(ada: Visitor) -> None:
    save(ada)
    turned = OPENED.replace("-count", "count")
    assert "/views/1/state" in ada.get(turned).text
    ada.send(f"{LIST}/views/1/state", **{**STATE, "list.sort": "count", "list.saved": "1"})
    assert "/views/1/state" not in ada.get(turned).text
    ada.send(f"{LIST}/views/1", name="Few")
    assert "Few" in ada.get(f"{LIST}/views").text
    ada.send(f"{LIST}/views/1/delete")
    assert "Few" not in ada.get(f"{LIST}/views").text


def test_only_who_may_share_shares(root: Visitor, platform) -> None:
    save(root, shared="everyone", pinned="1")
    root.sign_in(add_person(platform, "Ada"))
    assert "Many" in root.get(f"{LIST}/views").text
    assert root.send(f"{LIST}/views/1/delete").status_code == 403
    assert save(root, shared="everyone").status_code == 403
    assert save(root).status_code == 303


def test_what_others_keep_is_not_found(root: Visitor, platform) -> None:
    save(root)
    root.sign_in(add_person(platform, "Ada"))
    assert root.send(f"{LIST}/views/1/delete").status_code == 404
    assert "Many" not in root.get(f"{LIST}/views").text


def test_a_view_whose_field_is_gone_says_so(root: Visitor, platform, make_record) -> None:
    make_record("x_thing", name="Pump")
    priced = {"list.c": "price:ge:3", "list.columns": "price"}
    opened = save(root, **priced).headers["location"]
    publish_documents(platform, RETIRED)
    page = root.get(opened)
    assert page.status_code == 200
    assert "这个视图用到的内容已不存在" in page.text
