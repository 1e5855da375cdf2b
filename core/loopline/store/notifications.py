"""Notifications, and which kinds each person also wants by mail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from loopline.store.system import metadata
from loopline.store.types import BIG, KEY, TEXT, Moment, Opaque

notification = sa.Table(
    "ll_notification",
    metadata,
    sa.Column("id", KEY, primary_key=True, autoincrement=True),
    sa.Column("user_id", BIG, nullable=False),
    sa.Column("kind", TEXT, nullable=False),
    sa.Column("key", TEXT, nullable=False),
    sa.Column("params", Opaque(), nullable=False),
    sa.Column("entity", TEXT),
    sa.Column("record", BIG),
    sa.Column("by_user", BIG),
    sa.Column("event", TEXT, nullable=False),
    sa.Column("at", Moment(), nullable=False),
    sa.Column("read_at", Moment()),
    sa.Index("ux_ll_notification_event", "user_id", "event", unique=True),
    sa.Index("ix_ll_notification_user", "user_id", "id"),
    sa.Index(
        "ix_ll_notification_unread",
        "user_id",
        "id",
        sqlite_where=sa.text("read_at IS NULL"),
        postgresql_where=sa.text("read_at IS NULL"),
    ),
)
notification_mail = sa.Table(
    "ll_notification_mail",
    metadata,
    sa.Column("user_id", BIG, primary_key=True, autoincrement=False),
    sa.Column("kind", TEXT, primary_key=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredNotification:
    """One thing somebody is told. ``event`` names what happened, once a person."""

    user_id: int
    kind: str
    key: str
    params: Any
    entity: str | None
    record: int | None
    by_user: int | None
    event: str
    at: datetime
    read_at: datetime | None = None
    id: int = 0


def insert_notification(connection: sa.Connection, one: StoredNotification) -> int | None:
    """Add a notification; answer its id, None where the person was told of the event before."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {name: getattr(one, name) for name in StoredNotification.__slots__ if name != "id"}
    added = make(notification).values(values).on_conflict_do_nothing()
    return connection.execute(added.returning(notification.c.id)).scalar_one_or_none()


def read_notifications(
    connection: sa.Connection,
    user: int,
    limit: int,
    *,
    before: int | None = None,
    unread: bool = False,
) -> list[StoredNotification]:
    """Answer the newest notifications of a person, or those of them that are unread."""
    query = sa.select(notification).where(notification.c.user_id == user)
    if before is not None:
        query = query.where(notification.c.id < before)
    if unread:
        query = query.where(notification.c.read_at.is_(None))
    rows = connection.execute(query.order_by(notification.c.id.desc()).limit(limit)).mappings()
    return [StoredNotification(**row) for row in rows]


def notification_by_id(connection: sa.Connection, number: int) -> StoredNotification | None:
    """Answer a notification; None where there is none."""
    query = sa.select(notification).where(notification.c.id == number)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else StoredNotification(**row)


def mark_read(
    connection: sa.Connection, user: int, now: datetime, ids: Sequence[int] | None = None
) -> int:
    """Mark a person's notifications read, all if none are named; answer how many were unread."""
    unread = (notification.c.user_id == user) & notification.c.read_at.is_(None)
    if ids is not None:
        unread &= notification.c.id.in_(ids)
    return connection.execute(notification.update().where(unread).values(read_at=now)).rowcount


def mailed_kinds(connection: sa.Connection, user: int) -> frozenset[str]:
    """Answer the kinds a person also wants by mail."""
    query = sa.select(notification_mail.c.kind).where(notification_mail.c.user_id == user)
    return frozenset(connection.execute(query).scalars())


def write_mailed_kinds(connection: sa.Connection, user: int, kinds: Collection[str]) -> None:
    """Put other kinds in place of those a person wants by mail."""
    connection.execute(notification_mail.delete().where(notification_mail.c.user_id == user))
    rows = [{"user_id": user, "kind": kind} for kind in sorted(kinds)]
    if rows:
        connection.execute(notification_mail.insert(), rows)
