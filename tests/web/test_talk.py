"""Comments and notifications on pages and over the API."""

import pytest

from web.visitor import Visitor, add_person


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def thing(make_record) -> str:
    return f"/records/x_thing/{make_record('x_thing', name='Pump').id}"


@pytest.fixture
def bob(platform) -> str:
    return add_person(platform, "Bob")


def test_a_comment_stands_in_the_timeline_with_its_links(ada: Visitor, thing: str, bob) -> None:
    text = "@Bob <b>see</b> https://example.com/a?b=1&c=2."
    assert ada.send(f"{thing}/comments", text=text).status_code == 303
    page = ada.get(thing).text
    assert '<b class="mention">@Bob</b> &lt;b&gt;see&lt;/b&gt; ' in page
    assert 'href="https://example.com/a?b=1&amp;c=2" rel="noopener' in page


def test_a_refused_comment_stays_in_its_box(ada: Visitor, thing: str) -> None:
    answer = ada.send(f"{thing}/comments", text="x" * 5_001)
    assert answer.status_code == 422
    assert "x" * 5_001 in answer.text


def test_a_comment_is_changed_and_deleted(ada: Visitor, thing: str) -> None:
    ada.send(f"{thing}/comments", text="first")
    ada.send(f"{thing}/comments/1/edit", text="second")
    assert "second" in ada.get(thing).text
    ada.send(f"{thing}/comments/1/delete")
    page = ada.get(thing).text
    assert "second" not in page
    assert "评论已删除" in page


def test_a_mention_rings_the_bell_until_it_is_opened(ada: Visitor, thing: str, bob: str) -> None:
    ada.send(f"{thing}/comments", text="@Bob look here")
    ada.sign_in(bob)
    assert ada.get("/notifications/count").json()["count"] == "1"
    assert "Ada 在 Pump 中提到了您" in ada.get("/notifications").text
    assert ada.send("/notifications/1/open").headers["location"] == f"{thing}?tab=timeline"
    assert ada.get("/notifications/count").json()["count"] == ""
    assert "look here" in ada.get("/notifications?all=1").text


def test_others_notifications_are_not_found(ada: Visitor, thing: str, bob: str) -> None:
    ada.send(f"{thing}/comments", text="@Bob look here")
    assert ada.send("/notifications/1/open").status_code == 404


def test_kinds_that_go_by_mail_are_remembered(ada: Visitor) -> None:
    ada.send("/notifications/mail", kind="mention")
    assert 'value="mention" checked' in ada.get("/notifications").text
    assert ada.send("/notifications/read").status_code == 303
