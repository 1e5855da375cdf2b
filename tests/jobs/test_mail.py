"""Outgoing mail against a server on the loopback: sent once, retried, given up, encrypted."""

import socket
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.errors import NotFound, NotValid, Unavailable
from loopline.jobs.kept_mail import kept_mails, send_kept
from loopline.jobs.mail import SEND, Mail, enqueue_mail, mail_handler
from loopline.jobs.queue import Job, job
from loopline.jobs.tables import mail
from loopline.jobs.worker import Worker
from loopline.settings import MailSettings

ADA = "Ada Løvelace <ada@example.com>"
HELLO = Mail(to=[ADA], subject="跟进提醒", text="该跟进了", html="<p>该跟进了</p>")


class Server:
    """A server that takes mail, and refuses what it is told to."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.refusals: dict[str, str] = {}
        self.answer = "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture
def server():
    return Server()


@pytest.fixture
def settings(server: Server):
    def check(_server, _session, _envelope, _mechanism, data) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"crm", b"secret"))

    with socket.create_server(("127.0.0.1", 0)) as trial:
        port = trial.getsockname()[1]
    controller = Controller(
        server, hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False
    )
    controller.start()
    yield MailSettings(
        host="127.0.0.1",
        port=port,
        tls="none",
        sender="CRM <crm@example.com>",
        user="crm",
        password="secret",
    )
    controller.stop()


def _enqueue(platform: Platform, clock: FixedClock, message: Mail = HELLO) -> int | None:
    with platform.database.write() as connection:
        connection.execute(job.delete())
        return enqueue_mail(connection, message, clock.now(), key="k1")


def _row(platform: Platform):
    with platform.database.read() as connection:
        return connection.execute(sa.select(mail)).one()


def _job(number: int) -> Job:
    return Job(id=1, kind=SEND, payload={"mail": number}, attempts=1, lease_token="t")


def test_a_message_arrives_as_it_was_written(platform, clock, settings, server) -> None:
    _enqueue(platform, clock)
    handlers = mail_handler(platform.database, clock, settings)
    assert Worker(platform.database, clock, handlers).run_due() == 1
    (envelope,) = server.taken
    message = message_from_bytes(envelope.content, policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == ("crm@example.com", ["ada@example.com"])
    assert (message["Subject"], message["To"]) == ("跟进提醒", ADA)
    row = _row(platform)
    assert message["Message-ID"] == f"<{row.id}.{row.message_id}@example.com>"
    assert message.get_body(("plain",)).get_content().strip() == "该跟进了"
    assert message.get_body(("html",)).get_content().strip() == "<p>该跟进了</p>"


def test_the_same_message_is_written_once_and_sent_once(platform, clock, settings, server) -> None:
    number = _enqueue(platform, clock)
    assert _enqueue(platform, clock) is None
    send = mail_handler(platform.database, clock, settings)[SEND]
    send(_job(number))
    send(_job(number))
    assert len(server.taken) == 1
    assert (_row(platform).state, _row(platform).sent_at) == ("sent", clock.now())


def test_with_the_worker_stopped_nothing_is_sent_and_an_undone_request_sends_nothing(
    platform, clock, settings, server
) -> None:
    def undone() -> None:
        with platform.database.write() as connection:
            enqueue_mail(connection, HELLO, clock.now())
            raise LookupError("on purpose")

    with pytest.raises(LookupError):
        undone()
    _enqueue(platform, clock)
    assert server.taken == []
    handlers = mail_handler(platform.database, clock, settings)
    assert Worker(platform.database, clock, handlers).run_due() == 1
    assert len(server.taken) == 1


def test_who_was_taken_is_not_asked_again(platform, clock, settings, server) -> None:
    server.refusals = {"bob@example.com": "451 later"}
    number = _enqueue(platform, clock, Mail(to=[ADA, "bob@example.com"], subject="s", text="t"))
    send = mail_handler(platform.database, clock, settings)[SEND]
    with pytest.raises(Unavailable, match="451 later"):
        send(_job(number))
    assert _row(platform).pending == ["bob@example.com"]
    server.refusals = {}
    send(_job(number))
    assert [one.rcpt_tos for one in server.taken] == [["ada@example.com"], ["bob@example.com"]]
    assert (_row(platform).state, _row(platform).error) == ("sent", None)


@pytest.mark.parametrize(
    ("answer", "states"),
    [("451 busy", ["ready", "ready", "done"]), ("554 never", ["dead", "dead", "dead"])],
)
def test_a_refusal_for_now_is_retried_and_one_for_good_is_given_up(
    platform, clock, settings, server, answer: str, states: list[str]
) -> None:
    _enqueue(platform, clock)
    worker = Worker(platform.database, clock, mail_handler(platform.database, clock, settings))
    seen = []
    for said in (answer, answer, "250 OK"):
        server.answer = said
        worker.run_due()
        clock.move(timedelta(minutes=1))
        with platform.database.read() as connection:
            seen.append(connection.execute(sa.select(job.c.state)).scalar_one())
    assert seen == states


def test_a_server_that_is_away_is_tried_again(platform, clock, settings) -> None:
    number = _enqueue(platform, clock)
    away = MailSettings(host="127.0.0.1", port=1, tls="none", sender=settings.sender)
    with pytest.raises(Unavailable, match="ConnectionRefused"):
        mail_handler(platform.database, clock, away)[SEND](_job(number))


def test_a_server_without_encryption_gets_nothing_when_encryption_is_asked_for(
    platform, clock, settings, server
) -> None:
    number = _enqueue(platform, clock)
    strict = MailSettings(
        host=settings.host, port=settings.port, tls="starttls", sender=settings.sender
    )
    with pytest.raises(NotValid, match="STARTTLS"):
        mail_handler(platform.database, clock, strict)[SEND](_job(number))
    assert server.taken == []


def test_a_site_without_a_server_keeps_it_and_sends_it_once_there_is_one(
    platform, clock, settings, server
) -> None:
    number = _enqueue(platform, clock)
    mail_handler(platform.database, clock, None)[SEND](_job(number))
    with platform.database.write() as connection:
        assert [one.subject for one in kept_mails(connection)] == ["跟进提醒"]
        connection.execute(job.delete())
        assert send_kept(connection, (), clock.now()) == 1
    Worker(platform.database, clock, mail_handler(platform.database, clock, settings)).run_due()
    assert (len(server.taken), _row(platform).state) == (1, "sent")


def test_a_mail_that_was_not_kept_is_not_sent_again(platform, clock) -> None:
    number = _enqueue(platform, clock)
    with (
        platform.database.write() as connection,
        pytest.raises(NotFound, match=r"mail\.not_kept"),
    ):
        send_kept(connection, [number], clock.now())


@pytest.mark.parametrize(
    "broken",
    [
        Mail(to=[], subject="s", text="t"),
        Mail(to=["nobody"], subject="s", text="t"),
        Mail(to=["a@example.com\r\nBcc: b@example.com"], subject="s", text="t"),
        Mail(to=["a@example.com"], subject="s\nBcc: b@example.com", text="t"),
    ],
)
def test_what_would_break_the_head_is_refused(platform, clock, broken: Mail) -> None:
    with pytest.raises(NotValid, match=r"mail\.header"):
        _enqueue(platform, clock, broken)
