"""Outgoing mail: written in the caller's transaction, sent by a job outside of any.

What SMTP allows against sending twice: a message is one row under a key, its Message-ID never
changes, and the recipients that the server has taken are struck off before anything else happens.
Only a process that ends between the server's last word and that stroke sends once more, with the
same Message-ID, by which receivers can tell.
"""

import secrets
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.clock import Clock
from loopline.errors import NotFound, NotValid, Unavailable
from loopline.jobs.queue import Job, enqueue
from loopline.jobs.tables import mail
from loopline.jobs.worker import Handler
from loopline.settings import MailSettings
from loopline.store.engine import Database

SEND: Final = "mail.send"
KEPT: Final = "kept"
"""The state of a message that was due while the site had no server for outgoing mail."""
_TIMEOUT: Final = 30.0
"""Seconds that a server may take for one answer."""
_DIGITS: Final = 19
"""Digits that no number of a row reaches."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """A message to addresses such as ``Ada <ada@example.com>``, as text and perhaps HTML too."""

    to: Sequence[str]
    subject: str
    text: str
    html: str | None = None


def enqueue_mail(
    connection: sa.Connection, message: Mail, now: datetime, *, key: str | None = None
) -> int | None:
    """Have a message sent after the caller's transaction; None if one under ``key`` was before.

    Raises NotValid for no recipient, or for an address or a subject that would break the head.
    """
    _require_head(message)
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    added = make(mail).values(
        key=key,
        message_id=secrets.token_hex(16),
        recipients=list(message.to),
        pending=list(message.to),
        subject=message.subject,
        text=message.text,
        html=message.html,
        state="waiting",
        created_at=now,
    )
    once = added.on_conflict_do_nothing(index_elements=[mail.c.key])
    number = connection.execute(once.returning(mail.c.id)).scalar_one_or_none()
    if number is None:
        return None
    enqueue(connection, SEND, {"mail": number}, now, unique_key=f"{SEND}:{number}")
    return int(number)


def message_name(number: int, secret: str) -> str:
    """Answer what stands before the domain in a Message-ID: the message can be found by it."""
    return f"{number}.{secret}"


def keys_of(connection: sa.Connection, names: Sequence[str]) -> list[str]:
    """Answer the keys of the messages that Message-IDs name, in that order; others are none's."""
    numbers = [int(one) for one in (name.partition(".")[0] for name in names) if _is_number(one)]
    query = sa.select(mail.c.id, mail.c.message_id, mail.c.key).where(mail.c.id.in_(numbers))
    rows = connection.execute(query).all() if numbers else ()
    found = {message_name(row.id, row.message_id): row.key for row in rows if row.key}
    return [found[name] for name in names if name in found]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < _DIGITS


def mail_handler(
    database: Database, clock: Clock, settings: MailSettings | None
) -> Mapping[str, Handler]:
    """Answer what sends the messages; a message that was taken is not sent again.

    Where no server is named a message is kept, which is no failure: nobody asked for mail yet.
    """

    def send(job: Job) -> None:
        number = int(job.payload["mail"])
        with database.read() as connection:
            row = connection.execute(sa.select(mail).where(mail.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(code="mail.gone", id=number)
        if row.state == "sent":
            return
        if settings is None:
            with database.write() as connection:
                connection.execute(mail.update().where(mail.c.id == number).values(state=KEPT))
            return
        refused = _deliver(settings, row)
        with database.write() as connection:
            _note(connection, row, refused, clock.now())
        if refused:
            raise _refusal(refused)

    return {SEND: send}


def _note(
    connection: sa.Connection, row: Any, refused: Mapping[str, "_Answer"], now: datetime
) -> None:
    """Strike off whom the server has taken the message for."""
    pending = [one for one in row.pending if parseaddr(one)[1] in refused]
    values = {
        "pending": pending,
        "state": "waiting" if pending else "sent",
        "sent_at": None if pending else now,
        "error": "; ".join(f"{name}: {one}" for name, one in refused.items()) or None,
    }
    connection.execute(mail.update().where(mail.c.id == row.id).values(values))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server said when it did not take a message."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @classmethod
    def of(cls, code: int, text: bytes | str) -> "_Answer":
        return cls(code, text if isinstance(text, str) else text.decode("utf-8", "replace"))


def _refusal(refused: Mapping[str, _Answer]) -> NotValid | Unavailable:
    """Answer the error: for good (5xx for everybody left), or to be tried again."""
    reason = "; ".join(map(str, refused.values()))
    if all(answer.code >= 500 for answer in refused.values()):
        return NotValid(code="mail.refused", reason=reason)
    return Unavailable(code="mail.postponed", reason=reason)


def _deliver(settings: MailSettings, row: Any) -> dict[str, _Answer]:
    """Hand a message to the server; answer whom it was not taken for, and why.

    Raises Unavailable where the server cannot be spoken to.
    """
    message = _compose(settings, row)
    addresses = [parseaddr(one)[1] for one in row.pending]
    try:
        with _connected(settings) as server:
            refused = server.send_message(message, parseaddr(settings.sender)[1], addresses)
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except smtplib.SMTPResponseException as error:
        answer = _Answer.of(error.smtp_code, error.smtp_error)
        return dict.fromkeys(addresses, answer)
    except smtplib.SMTPNotSupportedError as error:
        return dict.fromkeys(addresses, _Answer(500, str(error)))
    except (smtplib.SMTPException, OSError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unavailable(code="mail.postponed", reason=reason) from error
    return {name: _Answer.of(*said) for name, said in refused.items()}


def _compose(settings: MailSettings, row: Any) -> EmailMessage:
    domain = parseaddr(settings.sender)[1].rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"] = settings.sender
    message["To"] = ", ".join(row.recipients)
    message["Subject"] = row.subject
    message["Date"] = format_datetime(row.created_at)
    message["Message-ID"] = f"<{message_name(row.id, row.message_id)}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies, please
    message["X-Auto-Response-Suppress"] = "All"  # MS-OXCMAIL: the same for Exchange
    message.set_content(row.text)
    if row.html is not None:
        message.add_alternative(row.html, subtype="html")
    return message


@contextmanager
def _connected(settings: MailSettings) -> Iterator[smtplib.SMTP]:
    """Open a connection that is encrypted and signed in as the settings say."""
    name = parseaddr(settings.sender)[1].rpartition("@")[2]
    context = ssl.create_default_context()
    if settings.tls == "implicit":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            settings.host, settings.port, name, timeout=_TIMEOUT, context=context
        )
    else:
        server = smtplib.SMTP(settings.host, settings.port, name, timeout=_TIMEOUT)
    with server:
        if settings.tls == "starttls":
            server.starttls(context=context)
        if settings.user:
            server.login(settings.user, settings.password)
        yield server


def _require_head(message: Mail) -> None:
    lines = (message.subject, *message.to)
    broken = any(mark in line for line in lines for mark in "\r\n")
    if broken or not message.to or not all("@" in parseaddr(one)[1] for one in message.to):
        raise NotValid(code="mail.header")
