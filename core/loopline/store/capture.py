"""What is remembered of what strangers sent: posts of forms, messages of mailboxes, a secret."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment

submission = sa.Table(
    "ll_submission",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("form", TEXT, nullable=False),
    sa.Column("address", TEXT, nullable=False),  # a keyed hash
    sa.Column("once", TEXT, unique=True),
    sa.Column("at", Moment(), nullable=False),
    sa.Index("ix_ll_submission_form", "form", "at"),
    sa.Index("ix_ll_submission_address", "address", "at"),
)
site_secret = sa.Table(
    "ll_site_secret",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("value", TEXT, nullable=False),
)
mailbox = sa.Table(
    "ll_mailbox",
    metadata,
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("validity", BIG, nullable=False),
    sa.Column("last_uid", BIG, nullable=False),
)
mail_seen = sa.Table(
    "ll_mail_seen",
    metadata,
    sa.Column("message", TEXT, primary_key=True),  # a hash of its Message-ID
    sa.Column("outcome", TEXT, nullable=False),  # created, twin, answer, automatic, refused
    sa.Column("entity", TEXT),
    sa.Column("record", BIG),
    sa.Column("reason", TEXT),
    sa.Column("at", Moment(), nullable=False),
    sa.Index("ix_ll_mail_seen_outcome", "outcome", "at"),
)
FORMS: Final = "public_forms"
"""The name of the secret that signs the tokens of public forms."""


def read_secret(connection: sa.Connection, name: str) -> bytes:
    """Answer a secret of the site."""
    query = sa.select(site_secret.c.value).where(site_secret.c.name == name)
    return str(connection.execute(query).scalar_one()).encode()


def count_submissions(
    connection: sa.Connection, since: datetime, *, form: str, address: str = ""
) -> int:
    """Answer how many posts a form took since, all or those from an address."""
    where = (submission.c.at > since) & (submission.c.form == form)
    if address:
        where &= submission.c.address == address
    return connection.execute(sa.select(sa.func.count()).where(where)).scalar_one()


def note_submission(
    connection: sa.Connection, form: str, address: str, once: str | None, at: datetime
) -> bool:
    """Remember a post; answer False where its number was used before."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    entered = make(submission).values(form=form, address=address, once=once, at=at)
    fresh = entered.on_conflict_do_nothing(index_elements=[submission.c.once])
    return connection.execute(fresh.returning(submission.c.id)).first() is not None


def forget_submissions(connection: sa.Connection, before: datetime) -> None:
    """Forget old posts."""
    connection.execute(submission.delete().where(submission.c.at < before))


def read_mailbox(connection: sa.Connection, name: str) -> tuple[int, int]:
    """Answer (UIDVALIDITY, last UID) of a folder as it was read last; zeros for a new one."""
    row = connection.execute(sa.select(mailbox).where(mailbox.c.name == name)).one_or_none()
    return (0, 0) if row is None else (row.validity, row.last_uid)


def note_mailbox(connection: sa.Connection, name: str, validity: int, last_uid: int) -> None:
    """Remember how far a folder was read."""
    values = {"validity": validity, "last_uid": last_uid}
    where = mailbox.c.name == name
    if connection.execute(mailbox.update().where(where).values(**values)).rowcount == 0:
        connection.execute(mailbox.insert().values(name=name, **values))


def note_mail(connection: sa.Connection, message: str, at: datetime) -> bool:
    """Remember a message as seen; answer False where it was seen before."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    entered = make(mail_seen).values(message=message, outcome="automatic", at=at)
    fresh = entered.on_conflict_do_nothing(index_elements=[mail_seen.c.message])
    return connection.execute(fresh.returning(mail_seen.c.message)).first() is not None


def seen_as(connection: sa.Connection, messages: Sequence[str]) -> list[tuple[str, int]]:
    """Answer the records that messages were taken for, in their order, each once."""
    query = sa.select(mail_seen).where(mail_seen.c.message.in_(messages))
    rows = connection.execute(query).all() if messages else ()
    found = {row.message: (row.entity, row.record) for row in rows if row.record is not None}
    return list(dict.fromkeys(found[one] for one in messages if one in found))


def settle_mail(
    connection: sa.Connection,
    message: str,
    outcome: str,
    about: tuple[str, int] | None = None,
    reason: str | None = None,
) -> None:
    """Say what became of a message."""
    entity, record = about or (None, None)
    values = {"outcome": outcome, "entity": entity, "record": record, "reason": reason}
    connection.execute(mail_seen.update().where(mail_seen.c.message == message).values(**values))
