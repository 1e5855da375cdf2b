"""Mail that plugins take: what it belongs to by its thread, what becomes of it where they fail."""

import pytest
import sqlalchemy as sa

from loopline.jobs.mail import mail
from loopline.services.capture.mail_in import take
from loopline.services.capture.messages import read_message
from loopline.store.capture import mail_seen

CODE = """
    @hookimpl
    def register_documents(ctx):
        yield Document("form", "acme_mailed", {"format": 1, "entity": "x_thing", "label": "Mailed",
            "use": ["mail"], "sections": {"all": {"fields": {"name": {}, "note": {}, "mail": {}}}},
            "mail": {"from_address": "mail", "subject": "name", "text": "note"}})

    @hookimpl
    def on_mail(ctx, event):
        if event.subject == "broken":
            ctx.elevated("mail").create("x_thing", {"name": "half"})
            raise ValueError("broken")
        things = [int(key.partition(":")[2]) for key in event.answers]
        things += [number for entity, number in event.about if entity == "x_thing"]
        for number in things[:1]:
            ctx.elevated("mail").update("x_thing", number, {"note": event.text})
            yield Taken("x_thing", number)
"""


@pytest.fixture
def platform(grow):
    platform = grow(CODE)
    with platform.write() as ctx:
        for name in ("acme", "other"):
            ctx.contexts(name).messages.mail("ada@example.com", "Hi", "there", key="thing:1")
    return platform


@pytest.fixture
def arrive(platform):
    """Answer what takes a message in and tells what became of it."""

    def receive(subject: str, number: int, *head: str) -> str:
        lines = [
            f"From: ada{number}@example.com",
            f"Subject: {subject}",
            f"Message-ID: <{number}@a>",
            *head,
        ]
        message = read_message("\n".join([*lines, "", f"text {number}"]).encode())
        with platform.write(via="mail") as ctx:
            take(ctx, ctx.catalog.form_for("acme_mailed", "mail"), message, set())
            query = sa.select(mail_seen.c.outcome).where(mail_seen.c.message == message.key)
            return str(ctx.connection.execute(query).scalar_one())

    return receive


@pytest.fixture
def notes(platform):
    """Answer what tells the note of each thing by its name."""

    def told() -> dict[str, str]:
        with platform.read() as ctx:
            found = ctx.contexts("acme").every("x_thing")
            return {str(one.value("name")): str(one.value("note")) for one in found}

    return told


@pytest.fixture
def sent(platform) -> dict[str, str]:
    """Answer the Message-ID of each mail by its key."""
    with platform.read() as ctx:
        rows = ctx.connection.execute(sa.select(mail)).all()
        return {row.key: f"<{row.id}.{row.message_id}@own.example>" for row in rows}


def test_hook_on_mail(arrive, notes, sent) -> None:
    assert arrive("first", 1) == "created"
    assert arrive("Re: Hi", 2, f"In-Reply-To: {sent['acme:thing:1']}") == "answer"
    assert notes() == {"first": "text 2"}


def test_an_answer_is_known_by_any_message_of_its_thread(arrive, notes) -> None:
    arrive("first", 1)
    assert arrive("more", 2, "References: <elsewhere@b> <1@a> <unknown@a>") == "answer"
    assert arrive("and more", 3, "References: <2@a>") == "answer"
    assert notes() == {"first": "text 3"}


@pytest.mark.parametrize("secret", ["1.0@own.example", "1@own.example", f"{9**99}.a@b", "-1.a@b"])
def test_a_guessed_name_is_no_thread(arrive, secret) -> None:
    arrive("first", 1)
    assert arrive("second", 2, f"In-Reply-To: <{secret}>") == "created"


def test_plugins_are_told_of_their_own_mails(arrive, sent) -> None:
    arrive("first", 1)
    assert arrive("second", 2, f"In-Reply-To: {sent['other:thing:1']}") == "created"


def test_mail_that_a_plugin_breaks_on_is_made_a_record(arrive, notes) -> None:
    assert arrive("broken", 1) == "created"
    assert notes() == {"broken": "text 1"}
