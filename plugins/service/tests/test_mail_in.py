"""Mails that go on with a ticket: by thread or number, from whoever asked or somebody else."""

from collections.abc import Callable
from typing import Any

import pytest

from loopline.services.capture.mail_in import take
from loopline.services.capture.messages import read_message

ASKED = {"channel": "email", "requester_email": "Ada@mill.example", "requester_name": "Ada"}


@pytest.fixture
def arrive(platform) -> Callable[..., None]:
    """Answer what takes in a mail, from Ada unless somebody else is named."""
    numbers = iter(range(1, 100))

    def receive(
        text: str, *head: str, sender: str = "ada@mill.example", subject: str = "Re"
    ) -> None:
        lines = [f"From: {sender}", f"Subject: {subject}", f"Message-ID: <{next(numbers)}@mill>"]
        raw = "\n".join([*lines, *head, "Content-Type: text/plain; charset=utf-8", "", text])
        with platform.write(via="mail") as ctx:
            take(
                ctx, ctx.catalog.form_for("ticket_mail", "mail"), read_message(raw.encode()), set()
            )

    return receive


@pytest.fixture
def thread(mails) -> Callable[[], str]:
    """Answer what tells the head line of an answer to the mail that was sent last."""

    def told() -> str:
        row = mails()[-1]
        return f"In-Reply-To: <{row.id}.{row.message_id}@own.example>"

    return told


@pytest.fixture
def replied(ticket, act, thread) -> tuple[int, str]:
    """A ticket of Ada's that waits for her answer, and the head line of one."""
    number = ticket(**ASKED)
    act("reply", number, {"text": "Which pump?", "wait": True})
    return number, thread()


@pytest.fixture
def talk(read) -> Callable[[int], list[tuple[str, str]]]:
    """Answer what reads what was said about a ticket."""
    return lambda number: [(one["kind"], one["body"]) for one in read(number)["messages"]]


@pytest.fixture
def count(api) -> Callable[[], int]:
    return lambda: len(api("GET", "/records/ticket")["items"])


def test_an_answer_lands_on_its_ticket(replied, arrive, talk, read, count) -> None:
    number, head = replied
    arrive("The small one.", head)
    assert talk(number)[1:] == [("inbound", "The small one.")]
    assert (read(number)["status"], count()) == ("open", 1)


def test_the_number_in_the_subject_is_enough(ticket, arrive, read, talk, count) -> None:
    number = ticket(**ASKED)
    arrive("Hurry.", subject=f"AW: [{read(number)['code']}] Pump")
    assert (talk(number), count()) == ([("inbound", "Hurry.")], 1)


def test_a_second_mail_of_the_customers_own_thread_is_no_second_ticket(arrive, talk, count) -> None:
    arrive("It leaks.", subject="Leak")
    arrive("At night.", "References: <1@mill>", subject="Re: Leak")
    assert (talk(1), count()) == ([("inbound", "At night.")], 1)


def test_a_number_that_is_none_makes_a_ticket(arrive, count) -> None:
    arrive("It leaks.", subject="[GD-999999] Leak [urgent]")
    assert count() == 1


def test_whoever_did_not_ask_is_kept_for_colleagues(
    replied, arrive, talk, read, told, administrator
) -> None:
    number, head = replied
    arrive("Send the bill to me.", head, sender="eve@other.example")
    kind, body = talk(number)[-1]
    assert (kind, "eve@other.example" in body, "the bill" in body) == ("internal", True, True)
    assert read(number)["status"] == "waiting_customer"
    assert any("eve@other.example" in one for one in told(administrator))


def test_the_address_of_the_contact_counts(ticket, make_record, act, arrive, thread, talk) -> None:
    contact = make_record("contact", name="Bo", email="bo@mill.example").id
    number = ticket(contact=contact)
    act("reply", number, {"text": "Which pump?"})
    arrive("All.", thread(), sender="Bo <BO@mill.example>")
    assert talk(number)[-1] == ("inbound", "All.")


@pytest.mark.parametrize("days", [0, 60])
def test_a_closed_ticket_is_opened_again_or_followed_by_another(
    days, replied, act, arrive, later, api
) -> None:
    number, head = replied
    act("solve", number, {"solution": "New seal"})
    act("close", number)
    later(days=days)
    arrive("It leaks again.", head)
    found = {one["id"]: one for one in api("GET", "/records/ticket")["items"]}
    status = [one["status"] for _, one in sorted(found.items())]
    assert status == (["closed", "new"] if days else ["reopened"])
    assert [one["follows"] for one in found.values() if one["follows"]] == [number] * bool(days)


def test_programs_that_answer_each_other_come_to_an_end(arrive, mails) -> None:
    for at in range(9):
        arrive("We have received your mail.", subject=f"Received {at}")
    assert len(mails()) == 5


@pytest.mark.parametrize("head", ["Auto-Submitted: auto-replied", "Return-Path: <>"])
def test_automatic_answers_and_bounces_are_passed_over(head, replied, arrive, talk, count) -> None:
    number, thread = replied
    arrive("I am away.", thread, head)
    assert (len(talk(number)), count()) == (1, 1)


@pytest.fixture
def follow(ticket, act, visitor, read) -> Any:
    number = ticket(**ASKED)
    act("solve", number, {"solution": "New seal"})
    act("close", number)
    return number, act("share", number)["data"]["link"]


def test_the_page_leads_to_the_ticket_that_follows(follow, later, visitor, read) -> None:
    number, link = follow
    later(days=60)
    assert "we open a new ticket" in visitor.get(link).text
    shown = visitor.post(link, data={"text": "It leaks again."})
    assert read(number + 1)["code"] in shown.text
    assert "It leaks again." in shown.text
