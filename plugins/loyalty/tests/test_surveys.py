"""Surveys: asked by hand or after a ticket, answered once on the public page, and counted."""

import re

import pytest
import sqlalchemy as sa

from loopline.errors import NotValid
from loopline.jobs.tables import mail
from loopline.services.records import create
from loopline.testing import publish_documents
from web.visitor import Visitor, add_person


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def mails(platform):
    """Answer what reads the mails that were written: to whom, and what."""

    def read() -> list[tuple[str, str]]:
        with platform.read() as ctx:
            rows = ctx.connection.execute(sa.select(mail).order_by(mail.c.id)).mappings().all()
        return [(str(row["recipients"]), str(row["text"])) for row in rows]

    return read


@pytest.fixture
def contact(api) -> int:
    api("POST", "/records/customer", {"name": "Mill"})
    body = {"name": "Zoe", "customer": 1, "email": "zoe@example.com"}
    return api("POST", "/records/contact", body)["id"]


@pytest.fixture
def link(act, contact) -> str:
    return act("contact", contact, "ask")["data"]["link"]


def test_a_contact_is_asked_and_answers_once(api, link, visitor, mails) -> None:
    assert "zoe@example.com" in mails()[0][0]
    page = visitor.get(link, headers={"accept-language": "en"})
    assert "How likely" in page.text
    assert "您有多大可能" in visitor.get(link, headers={"accept-language": "zh-CN"}).text
    visitor.post(link, data={"recommend": "9", "matters": "price", "why": "Good."})
    visitor.post(link, data={"recommend": "0"})
    found = api("GET", "/records/survey_response/1")
    assert (found["status"], found["nps"], found["comment"]) == ("answered", 9, "Good.")
    assert found["answers"] == {"recommend": 9, "matters": "price", "why": "Good."}
    assert 'type="radio"' not in visitor.get(link).text


@pytest.mark.parametrize("typed", [{}, {"recommend": "11"}, {"recommend": "x"}, {"matters": "no"}])
def test_what_is_no_answer_is_asked_again(api, link, visitor, typed) -> None:
    assert 'role="alert"' in visitor.post(link, data=typed).text
    assert api("GET", "/records/survey_response/1")["status"] == "asked"


def test_a_closed_ticket_asks_its_contact_once(platform, api, contact, work, mails) -> None:
    body = {"subject": "Noise", "customer": 1, "contact": contact}
    with platform.write(via="import") as ctx:
        create(ctx, "ticket", {**body, "status": "closed"})  # of the past: asks nothing
    for _ in range(2):
        ticket = api("POST", "/records/ticket", body)["id"]
        for step in ({"status": "solved", "solution": "Oiled"}, {"status": "closed"}):
            api("PATCH", f"/records/ticket/{ticket}", step)
        work()
    found = api("GET", "/records/survey_response")["items"]
    assert [one["about"]["id"] for one in found] == [2]
    assert len([text for _, text in mails() if "/survey/" in text]) == 1


def test_results_count_promoters_less_detractors(platform, client, act, contact, visitor) -> None:
    for said in ("10", "9", "8", "0"):
        visitor.post(act("contact", contact, "ask")["data"]["link"], data={"recommend": said})
    act("contact", contact, "ask")
    root = Visitor(client)
    root.sign_in(add_person(platform, "Page", administrator=True))
    shown = re.findall(r'<td class="num">(?:<[^>]*>)?([^<]+)', root.get("/loyalty/surveys").text)
    assert shown == ["+25", "—", "5", "4", "80 %", "2", "1", "1", "—"]


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ("{kind: survey, id: relationship, extend: true, mail: {text: {en: '{who}'}}}", "{who}"),
        (
            "{kind: survey, id: relationship, extend: true, "
            "questions: {x: {label: X, type: choice}}}",
            "x",
        ),
        ("{kind: care_plan, id: birthday, extend: true, mail: {text: {en: bye}}}", "unsubscribe"),
        ("{kind: care_plan, id: birthday, extend: true, birthday: false}", "birthday"),
        ("{kind: care_plan, id: birthday, extend: true, segment: 'nothing == 1'}", "expr."),
    ],
)
def test_what_cannot_be_sent_is_refused(platform, document, told) -> None:
    with pytest.raises(NotValid) as refused:
        publish_documents(platform, document)
    assert told in str(refused.value)
