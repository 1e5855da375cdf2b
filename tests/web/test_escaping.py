"""What people type is shown as they typed it and is never markup."""

from html.parser import HTMLParser

import pytest

from web.visitor import Visitor

ATTACK = "\"'><img src=x onerror=alert(1)></textarea><script>alert(1)</script>"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


class Markup(HTMLParser):
    """Collects the tags and attributes of a page that no template of ours has."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an image, a script without a source, an attribute that handles an event."""
        given = dict(attrs)
        if tag == "img" or (tag == "script" and "src" not in given):
            self.foreign.append(tag)
        self.foreign += [name for name in given if name.startswith("on")]


def foreign(page: str) -> list[str]:
    """Answer the markup in a page that is not ours."""
    markup = Markup()
    markup.feed(page)
    return markup.foreign


def test_foreign_markup_is_noticed() -> None:
    assert foreign(ATTACK) == ["img", "onerror", "script"]


@pytest.fixture
def attacked(ada: Visitor) -> Visitor:
    """Answer a visitor of a site where text fields hold an attack, changed once and linked to."""
    ada.send("/records/x_thing/new", name="Pump", note="calm")
    ada.send("/records/x_thing/1/edit", _base="1", name=ATTACK, note=ATTACK)
    ada.send("/records/x_thing/new", name="Valve", parent="1")
    ada.send("/records/x_part/new", name=ATTACK, thing="1")
    return ada


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/records/x_thing",
        "/records/x_thing?columns=name&columns=note&columns=parent",
        "/records/x_thing?c=parent:eq:1",
        "/records/x_thing/1",
        "/records/x_thing/1?tab=x_part.thing",
        "/records/x_thing/2",
        "/records/x_thing/1/edit",
        "/records/x_thing/2/edit",
        "/records/x_part",
    ],
)
def test_stored_text_is_no_markup(attacked: Visitor, path: str) -> None:
    page = attacked.get(path)
    assert page.status_code == 200
    assert foreign(page.text) == []


@pytest.mark.parametrize("name", ["q", "filter", "c", "sort", "on", "view", "columns", "cursor"])
def test_an_address_is_no_markup(ada: Visitor, name: str) -> None:
    page = ada.client.get("/records/x_thing", params={name: ATTACK, "c": f"name:eq:{ATTACK}"})
    assert foreign(page.text) == []


def test_a_toast_is_no_markup(attacked: Visitor) -> None:
    attacked.send("/records/x_part/1/delete")
    page = attacked.get("/records/x_part").text
    assert "data-toast" in page
    assert foreign(page) == []


def test_the_bin_is_no_markup(attacked: Visitor) -> None:
    attacked.send("/records/x_part/1/delete")
    attacked.get("/")
    page = attacked.get("/records/x_part/bin").text
    assert "onerror" in page
    assert foreign(page) == []


def test_a_form_sent_back_is_no_markup(ada: Visitor) -> None:
    page = ada.send("/records/x_thing/new", name="", mail=ATTACK, note=ATTACK, count=ATTACK)
    assert page.status_code == 422
    assert foreign(page.text) == []


def test_a_conflict_is_no_markup(attacked: Visitor) -> None:
    page = attacked.send("/records/x_thing/1/edit", _base="1", name="mine")
    assert page.status_code == 409
    assert foreign(page.text) == []


def test_candidates_are_data(attacked: Visitor) -> None:
    answer = attacked.get("/pick/x_thing?q=img")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["items"][0]["label"] == ATTACK


def test_a_forged_toast_says_nothing_of_its_own(ada: Visitor) -> None:
    ada.client.cookies.set("ll_toast", "[1, 2", domain="localhost.local")
    assert "data-toast" not in ada.get("/").text
