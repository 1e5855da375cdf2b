"""What stands between a request and the records."""

import re

import pytest
from starlette.routing import BaseRoute, Mount, Route
from starlette.testclient import TestClient

from loopline.bootstrap import Platform
from loopline.web.api.site import PREFIX
from loopline.web.app import create_app
from web.visitor import Visitor, add_person

OPEN = {
    ("GET", "/login"): "the door itself",
    ("POST", "/login"): "signing in; guarded by a rate limit and Sec-Fetch-Site",
    ("POST", "/login/language"): "sets no more than a cookie with a language",
    ("GET", "/forms/{form}"): "a public form; shows nothing of the site but the form",
    ("POST", "/forms/{form}"): "signed token, limits by address and form",
    ("GET", "/approve/{secret}"): "a link of a mail; shows what it asks to whom has its secret",
    ("POST", "/approve/{secret}"): "acts once, until it expires",
    ("GET", "/static"): "styles, scripts and symbols; nothing of the site",
}
"""The routes that answer without a session, and why. The API has a test of its own."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


def asked(route: BaseRoute) -> list[tuple[str, str]]:
    match route:
        case Route(path=path, methods=set(methods)):
            return [(method, path) for method in methods - {"HEAD", "OPTIONS"}]
        case Mount(path=path):
            return [("GET", path)]
    return []


def test_every_page_needs_a_session(platform: Platform, client: TestClient) -> None:
    routes = [pair for route in create_app(platform).routes for pair in asked(route)]
    pages = {pair for pair in routes if not pair[1].startswith(PREFIX)}
    guarded = pages - OPEN.keys()
    answers = {
        (method, path): client.request(
            method,
            re.sub(r"{\w+:int}", "1", path.replace("{entity}", "x_thing")),
            follow_redirects=False,
        )
        for method, path in guarded
    }
    assert OPEN.keys() <= pages
    assert {one.status_code for pair, one in answers.items() if pair[0] == "GET"} == {303}
    assert all(
        one.headers["location"].startswith("/login") for one in answers.values() if one.is_redirect
    )
    assert {one.status_code for pair, one in answers.items() if pair[0] == "POST"} == {401}


@pytest.mark.parametrize("token", ["", "guessed", "\u7684\u7684"])
def test_a_form_without_the_token_is_refused(ada: Visitor, token: str) -> None:
    answer = ada.post("/records/x_thing/new", name="forged", csrf=token)
    assert answer.status_code == 403
    assert "forged" not in ada.get("/records/x_thing").text


def test_the_token_of_another_session_is_refused(platform: Platform, ada: Visitor) -> None:
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        eve = Visitor(client)
        eve.sign_in(add_person(platform, "Eve"))
        stolen = eve.csrf()
    assert ada.post("/records/x_thing/new", name="forged", csrf=stolen).status_code == 403


def test_reading_changes_nothing(ada: Visitor) -> None:
    ada.send("/records/x_thing/new", name="Pump")
    for act in ("delete", "restore"):
        assert ada.get(f"/records/x_thing/1/{act}").status_code == 405
    assert "Pump" in ada.get("/records/x_thing").text


@pytest.mark.parametrize("path", ["/", "/login", "/records/nothing", "/static/page.js", "/nothing"])
def test_every_answer_carries_the_policy(ada: Visitor, path: str) -> None:
    headers = ada.get(path).headers
    policy = headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert headers["x-content-type-options"] == "nosniff"


def test_pages_are_not_kept_by_caches(ada: Visitor) -> None:
    assert ada.get("/records/x_thing").headers["cache-control"] == "private, no-cache"


def test_a_form_of_a_megabyte_is_refused(ada: Visitor) -> None:
    assert ada.post("/records/x_thing/new", note="x" * 1_000_001).status_code == 413


def test_people_are_changed_by_administrators_only(ada: Visitor) -> None:
    assert ada.get("/records/user/1/edit").status_code == 403
    assert ada.send("/records/user/1/edit", name="Eve").status_code == 403
    assert ada.send("/records/user/1/delete").status_code == 403


def test_what_is_only_added_to_cannot_be_edited(ada: Visitor) -> None:
    ada.send("/records/x_lock/new", name="Lock")
    assert ada.get("/records/x_lock/1/edit").status_code == 403
    assert "/records/x_lock/1/edit" not in ada.get("/records/x_lock/1").text


def test_a_page_belongs_to_its_session_in_caches_too(ada: Visitor) -> None:
    assert "Cookie" in ada.get("/").headers["vary"]
