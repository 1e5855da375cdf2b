"""Mail that was kept because the site had no server for it: listed, and sent once it has one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from loopline.errors import NotFound
from loopline.jobs.mail import KEPT, SEND
from loopline.jobs.queue import enqueue_all
from loopline.jobs.tables import mail


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMail:
    """A message that was not sent: to whom, what about, and when it was written."""

    id: int
    recipients: Sequence[str]
    subject: str
    created_at: datetime


def kept_mails(connection: sa.Connection, most: int = 200) -> list[KeptMail]:
    """Answer the messages that were kept, the newest first."""
    columns = (mail.c.id, mail.c.recipients, mail.c.subject, mail.c.created_at)
    query = sa.select(*columns).where(mail.c.state == KEPT).order_by(mail.c.id.desc()).limit(most)
    return [KeptMail(**row._mapping) for row in connection.execute(query)]


def send_kept(connection: sa.Connection, numbers: Collection[int], now: datetime) -> int:
    """Have kept messages sent after the caller's transaction, all where none is named.

    Answers how many. Raises NotFound for one that is not among them.
    """
    chosen = mail.c.state == KEPT
    if numbers:
        chosen &= mail.c.id.in_(numbers)
    taken = mail.update().where(chosen).values(state="waiting").returning(mail.c.id)
    found = sorted(connection.execute(taken).scalars())
    for number in sorted(set(numbers).difference(found)):
        raise NotFound(code="mail.not_kept", id=number)
    enqueue_all(connection, SEND, [{"mail": number} for number in found], now)
    return len(found)
