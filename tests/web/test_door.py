"""Signing in and out, over HTTP."""

from datetime import timedelta

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.web.app import create_app
from web.visitor import PASSWORD, Visitor, add_person

SESSION = "ll_session"


@pytest.fixture
def email(platform: Platform) -> str:
    return add_person(platform, "Ada")


def session_cookie(response: Response) -> str:
    return next(one for one in response.headers.get_list("set-cookie") if one.startswith(SESSION))


def test_the_right_password_opens_a_session(visitor: Visitor, email: str) -> None:
    assert visitor.sign_in(email).headers["location"] == "/"
    assert visitor.get("/").status_code == 200


def test_an_address_is_compared_folded(visitor: Visitor, email: str) -> None:
    assert visitor.sign_in(f" {email.upper()} ").status_code == 303


def test_a_wrong_password_tells_no_more_than_an_unknown_address(
    visitor: Visitor, email: str
) -> None:
    wrong, unknown = visitor.sign_in(email, "no"), visitor.sign_in("x@example.com", "no")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace(email, "") == unknown.text.replace("x@example.com", "")
    assert "set-cookie" not in wrong.headers


def test_an_address_that_no_database_keeps_is_refused(visitor: Visitor) -> None:
    assert visitor.sign_in("a\0@example.com").status_code in {400, 401}


def test_signing_in_makes_a_new_session_and_ends_the_old_one(visitor: Visitor, email: str) -> None:
    visitor.sign_in(email)
    before = visitor.client.cookies[SESSION]
    visitor.sign_in(email)
    assert visitor.client.cookies[SESSION] != before
    visitor.client.cookies.set(SESSION, before, domain="localhost.local")
    assert visitor.get("/").status_code == 303


def test_a_session_brought_along_is_never_adopted(visitor: Visitor, email: str) -> None:
    visitor.client.cookies.set(SESSION, "chosen-by-another", domain="localhost.local")
    visitor.sign_in(email)
    assert visitor.client.cookies[SESSION] != "chosen-by-another"


def test_the_cookie_is_kept_from_scripts_and_other_sites(visitor: Visitor, email: str) -> None:
    cookie = session_cookie(visitor.sign_in(email)).lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "max-age" not in cookie


def test_the_cookie_is_secure_over_https(platform: Platform, email: str) -> None:
    with TestClient(create_app(platform), base_url="https://localhost") as client:
        cookie = session_cookie(Visitor(client).sign_in(email))
    assert "secure" in cookie.lower()


def test_a_device_is_remembered_for_seven_days(visitor: Visitor, email: str) -> None:
    cookie = session_cookie(visitor.sign_in(email, remember="true"))
    assert f"Max-Age={7 * 24 * 3600}" in cookie


def test_a_session_ends_by_itself(visitor: Visitor, email: str, clock: FixedClock) -> None:
    visitor.sign_in(email)
    clock.move(timedelta(days=1, seconds=1))
    assert visitor.get("/").status_code == 303


def test_signing_out_ends_the_session_on_the_server(ada: Visitor) -> None:
    secret = ada.client.cookies[SESSION]
    answer = ada.send("/logout")
    assert answer.headers["clear-site-data"] == '"cache"'
    ada.client.cookies.set(SESSION, secret, domain="localhost.local")
    assert ada.get("/").status_code == 303


@pytest.mark.parametrize("spelled", [str.lower, str.upper, str.title])
def test_ten_failures_lock_an_address_however_it_is_spelled(
    visitor: Visitor, email: str, spelled: type[str]
) -> None:
    for _ in range(10):
        visitor.sign_in(email, "no")
    locked = visitor.sign_in(spelled(email))
    assert (locked.status_code, locked.headers["retry-after"]) == (429, "900")


def test_a_locked_address_opens_after_a_quarter_of_an_hour(
    visitor: Visitor, email: str, clock: FixedClock
) -> None:
    for _ in range(10):
        visitor.sign_in(email, "no")
    clock.move(timedelta(minutes=15, seconds=1))
    assert visitor.sign_in(email).status_code == 303


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil.example", "evil"],
)
def test_nobody_is_led_to_another_site(visitor: Visitor, email: str, to: str) -> None:
    location = visitor.sign_in(email, next=to).headers["location"]
    assert location.startswith("/")
    assert not location.startswith(("//", "/\\"))
    assert "\t" not in location


def test_one_is_led_to_the_page_one_asked_for(visitor: Visitor, email: str) -> None:
    asked = visitor.get("/records/x_thing?sort=name&q=a").headers["location"]
    assert asked == "/login?next=%2Frecords%2Fx_thing%3Fsort%3Dname%26q%3Da"
    page = visitor.get(asked).text
    assert 'name="next" value="/records/x_thing?sort=name&amp;q=a"' in page
    to = "/records/x_thing?sort=name&q=a"
    assert visitor.sign_in(email, next=to).headers["location"] == to


def test_another_site_cannot_sign_anybody_in(client: TestClient, email: str) -> None:
    form = {"email": email, "password": PASSWORD}
    headers = {"sec-fetch-site": "cross-site"}
    answer = client.post("/login", data=form, headers=headers, follow_redirects=False)
    assert answer.status_code == 403


def test_the_chosen_language_outlives_the_session(ada: Visitor) -> None:
    ada.send("/language", language="en", next="/")
    ada.send("/logout")
    assert '<html lang="en">' in ada.get("/login").text
