"""The customer's side: a form, mails with links, the page of progress, and how it was."""

import pytest

from loopline.sdk import PageRequest
from loopline_service.plugin import register_pages


@pytest.fixture
def asked(ticket, mails, link_in) -> tuple[int, str]:
    """A ticket that came in writing, and the address of its page as the mail says it."""
    values = {"channel": "portal", "requester_email": "ada@mill.example", "requester_name": "Ada"}
    number = ticket(**values, description="It drips at night.")
    received = mails()[-1]
    assert "ada@mill.example" in received.recipients
    return number, link_in(received.text)


def test_a_ticket_comes_by_the_public_form(visitor, api) -> None:
    values = {"requester_name": "Ada", "requester_email": "ada@mill.example", "subject": "Leak"}
    sent = {"values": values, "query": {}, "referrer": "", "consent": True}
    assert visitor.post("/api/v1/public/forms/ticket_web", json=sent).status_code == 202
    found = api("GET", "/records/ticket/1")
    assert (found["channel"], found["subject"], found["owner"]) == ("portal", "Leak", None)
    assert visitor.get("/forms/ticket_web").status_code == 200


def test_the_page_shows_replies_and_never_notes(asked, act, visitor) -> None:
    number, page = asked
    act("reply", number, {"text": "We come tomorrow."})
    act("note", number, {"text": "They never pay."})
    shown = visitor.get(page)
    assert shown.status_code == 200
    assert "It drips at night." in shown.text
    assert "We come tomorrow." in shown.text
    assert "They never pay." not in shown.text


def test_the_page_speaks_the_language_of_its_reader(asked, visitor) -> None:
    _, page = asked
    shown = visitor.get(page, headers={"accept-language": "zh"})
    assert "沟通记录" in shown.text
    assert "Conversation" not in shown.text


def test_a_reply_is_mailed_with_a_link(asked, act, mails, visitor, link_in) -> None:
    number, _ = asked
    act("reply", number, {"text": "We come tomorrow.", "wait": True})
    sent = mails()[-1]
    assert "We come tomorrow." in sent.text
    assert visitor.get(link_in(sent.text)).status_code == 200


def test_the_customer_answers_and_the_ticket_goes_on(asked, act, read, visitor) -> None:
    number, page = asked
    act("reply", number, {"text": "Which pump?", "wait": True})
    assert read(number)["status"] == "waiting_customer"
    visitor.post(page, data={"text": "The <b>small</b> one."})
    found = read(number)
    assert (found["status"], found["messages"][-1]["from_name"]) == ("open", "Ada")
    assert "The &lt;b&gt;small&lt;/b&gt; one." in visitor.get(page).text


def test_an_answer_opens_what_was_solved_again(asked, act, read, visitor) -> None:
    number, page = asked
    act("solve", number, {"solution": "New seal"})
    visitor.post(page, data={"text": "It still leaks."})
    found = read(number)
    assert (found["status"], found["reopened"], found["solved_at"]) == ("reopened", 1, None)


def test_an_empty_answer_is_none(asked, read, visitor) -> None:
    number, page = asked
    assert "Please write something" in visitor.post(page, data={"text": " "}).text
    assert read(number)["messages"] == []


def test_colleagues_read_all_that_was_said(asked, act, platform, administrator) -> None:
    number, _ = asked
    act("note", number, {"text": "They never pay."})
    page = next(one for one in register_pages(None) if one.path == "/service/tickets/{id}")
    with platform.read(administrator) as ctx:
        request = PageRequest(method="GET", path={"id": str(number)})
        told = page.handler(ctx.contexts("service"), request).context
    found = [(one["body"], one["internal"]) for one in told["messages"]]
    assert found == [("It drips at night.", False), ("They never pay.", True)]


def test_a_foreign_secret_opens_nothing(visitor) -> None:
    assert visitor.get("/tickets/nothing").status_code == 404


@pytest.fixture
def rating(asked, act, mails, link_in) -> tuple[int, str]:
    number, _ = asked
    act("solve", number, {"solution": "New seal"})
    act("close", number)
    return number, link_in(mails()[-1].text)


def test_the_customer_says_how_it_was_once(rating, read, visitor, told, administrator) -> None:
    number, page = rating
    assert "/satisfaction/" in page
    assert visitor.get(page).status_code == 200
    assert "Please choose" in visitor.post(page, data={"rating": "9"}).text
    visitor.post(page, data={"rating": "4", "comment": "Quick"})
    visitor.post(page, data={"rating": "1"})
    found = read(number)
    assert (found["satisfaction"], found["satisfaction_note"]) == (4, "Quick")
    assert any("4 分" in one for one in told(administrator))


def test_links_are_for_one_purpose(rating, visitor) -> None:
    _, page = rating
    assert visitor.get(page.replace("satisfaction", "tickets")).status_code == 404


def test_a_link_without_mail_is_handed_over(ticket, act, visitor) -> None:
    link = act("share", ticket())["data"]["link"]
    assert visitor.get(link).status_code == 200
