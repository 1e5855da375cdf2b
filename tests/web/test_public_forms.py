"""Forms for strangers: what is asked for is taken, what comes beside it is recorded."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from kit.capture import DOCUMENTS
from kit.kernel_site import blocked_plugins
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.store.rows import Record, fetch
from loopline.testing.fixtures import MakeRecord
from loopline.web.pages.public_forms import TRAP

__all__ = ["blocked_plugins"]
PAGE = "/forms/x_ask?lang=en&utm_source=ads&booth=A12"
FILLED = {"name": "Ada", "phone": "13812341234", "need": "Pumps", "_consent": "true"}


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def token(client: TestClient, clock: FixedClock) -> str:
    """Answer the token of a page that was opened a while ago."""
    page = client.get(PAGE, headers={"referer": "https://www.example.com/pumps"})
    clock.move(timedelta(seconds=20))
    return re.search(r'name="_token" value="([^"]+)"', page.text)[1]


@pytest.fixture
def send(client: TestClient, token: str):
    def post(**changes: str):
        data = {"_token": token, "_referrer": "https://www.example.com/pumps", **FILLED, **changes}
        return client.post(PAGE, data=data)

    return post


def _made(platform: Platform, entity: str = "x_inquiry") -> list[Record]:
    with platform.read() as ctx:
        return list(fetch(ctx.connection, ctx.snapshot.table(entity), range(1, 20)).values())


def test_the_page_is_in_the_language_asked_for(client: TestClient) -> None:
    english = client.get(PAGE).text
    assert "Contact us" in english
    assert "Tell us how to reach you." in english
    assert "联系我们" in client.get("/forms/x_ask", headers={"accept-language": "zh"}).text


def test_what_was_filled_in_becomes_a_record(platform: Platform, send) -> None:
    answer = send(secret="x", source="mail")
    assert (answer.status_code, "We have it." in answer.text) == (200, True)
    (made,) = _made(platform)
    assert made.values | {"agreed": None} == {
        "name": "Ada",
        "phone": "+8613812341234",
        "mail": None,
        "need": "Pumps",
        "secret": None,
        "booth": "A12",
        "from_": "https://www.example.com/pumps",
        "channel": "ads",
        "agreed": None,
        "terms": "3",
        "source": "web",
        "owner": None,
        "department": None,
    }
    assert made.values["agreed"] == made.created_at


def test_a_token_makes_one_record(platform: Platform, send) -> None:
    assert [send().status_code for _ in range(2)] == [200, 200]
    assert len(_made(platform)) == 1


def test_programs_that_fill_everything_make_none(platform: Platform, send) -> None:
    assert "We have it." in send(**{TRAP: "https://spam.example"}).text
    assert _made(platform) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"_consent": ""}, "Please agree first"),
        ({"_token": "1.2.3"}, "open for a long time"),
        ({"_token": ""}, "open for a long time"),
        ({"phone": "123"}, "Phone"),
        ({"name": ""}, "Name"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_entered_stays(
    platform: Platform, send, changes: dict[str, str], told: str
) -> None:
    answer = send(**changes)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Pumps" in answer.text
    assert _made(platform) == []


def test_a_form_sent_at_once_is_shown_again(client: TestClient, platform: Platform) -> None:
    token = re.search(r'name="_token" value="([^"]+)"', client.get(PAGE).text)[1]
    answer = client.post(PAGE, data={"_token": token, **FILLED})
    assert (answer.status_code, "That was quick" in answer.text) == (422, True)


def test_who_is_known_is_thanked_and_the_words_are_kept(
    platform: Platform, make_record: MakeRecord, send
) -> None:
    known = make_record("x_inquiry", name="Secret", phone="+8613812341234")
    answer = send()
    assert (answer.status_code, "Secret" in answer.text) == (200, False)
    assert len(_made(platform)) == 1
    (note,) = _made(platform, "activity")
    assert note.values["about"] == f"x_inquiry:{known.id}"
    assert "Pumps" in note.values["outcome"]


def test_an_address_may_send_a_few_an_hour(client: TestClient, send, clock: FixedClock) -> None:
    def fresh() -> str:
        text = client.get(PAGE).text
        clock.move(timedelta(seconds=5))
        return re.search(r'name="_token" value="([^"]+)"', text)[1]

    answers = [send(_token=fresh(), phone=f"1381234000{n}") for n in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[-1].headers["retry-after"] == "3600"


def test_only_named_origins_may_frame_it(client: TestClient) -> None:
    policy = client.get(PAGE).headers["content-security-policy"]
    assert "frame-ancestors 'self'" in policy
    assert "frame-ancestors 'none'" in client.get("/login").headers["content-security-policy"]


def test_other_forms_are_not_there(client: TestClient) -> None:
    assert client.get("/forms/x_mailed").status_code == 404
    assert client.get("/forms/none").status_code == 404


def test_a_large_post_is_refused(client: TestClient) -> None:
    assert client.post(PAGE, data={"need": "x" * 70_000}).status_code == 413


def test_a_website_may_send_it_by_program(client: TestClient, platform: Platform) -> None:
    address = "/api/v1/public/forms/x_ask"
    body = {"values": {"name": "Ada", "secret": "x"}, "query": {"booth": "B7"}, "consent": True}
    answer = client.post(address, json=body)
    assert (answer.status_code, answer.json()) == (202, {"received": True})
    (made,) = _made(platform)
    assert [made.values[name] for name in ("booth", "secret", "source")] == ["B7", None, "web"]
    refused = client.post(address, json={"values": {"name": "Bo"}})
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "form.consent")
    assert client.post(address, json=[]).status_code == 400
