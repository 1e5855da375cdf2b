"""Accounts: which user may sign in, with which password, and as what."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from loopline.access.context import Actor
from loopline.access.tables import credential, session, token, user_role
from loopline.expr.fold import fold
from loopline.store.tables import RecordTable

ActorQuery = sa.Select[*tuple[Any, ...]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Account:
    """A user's credentials."""

    user_id: int
    password_hash: str | None
    administrator: bool
    disabled: bool


def find_account(connection: sa.Connection, users: RecordTable, email: str) -> Account | None:
    """Answer the account of an e-mail address, compared folded."""
    table = users.table
    query = (
        sa.select(credential)
        .join(table, table.c.id == credential.c.user_id)
        .where(table.c.email__key == fold(email), table.c.deleted_at.is_(None))
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Account(
        user_id=row.user_id,
        password_hash=row.password_hash,
        administrator=row.administrator,
        disabled=row.disabled_at is not None,
    )


def find_user(connection: sa.Connection, users: RecordTable, email: str) -> int | None:
    """Answer the living user with an e-mail address."""
    table = users.table
    query = sa.select(table.c.id).where(
        table.c.email__key == fold(email), table.c.deleted_at.is_(None)
    )
    return connection.execute(query).scalar()


def load_actor(
    connection: sa.Connection, users: RecordTable, user_id: int, zone: str
) -> Actor | None:
    """Answer the user as an actor; None when gone, inactive or disabled."""
    query = users.memo("actor", lambda: _select_actor(users))
    row = connection.execute(query, {"user_id": user_id}).one_or_none()
    return None if row is None else actor_of(row, zone)


def obstacle(connection: sa.Connection, users: RecordTable, user_id: int) -> str | None:
    """Answer what keeps a user from acting: deleted, inactive or disabled; empty if nothing does.

    None where there never was such a user.
    """
    table = users.table
    query = (
        sa.select(table.c.deleted_at, table.c.active, credential.c.disabled_at)
        .join(credential, credential.c.user_id == table.c.id, isouter=True)
        .where(table.c.id == user_id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.deleted_at is not None:
        return "deleted"
    if row.active is False:
        return "inactive"
    return "" if row.disabled_at is None else "disabled"


def _select_actor(users: RecordTable) -> ActorQuery:
    return select_actors(users).where(users.table.c.id == sa.bindparam("user_id"))


def select_actors(users: RecordTable) -> ActorQuery:
    """Answer the query for living, active users who are not disabled."""
    table = users.table
    roles = (
        sa.select(sa.func.aggregate_strings(user_role.c.role, ","))
        .where(user_role.c.user_id == table.c.id)
        .scalar_subquery()
    )
    return (
        sa.select(
            table.c.id,
            table.c.name,
            table.c.language,
            table.c.zone,
            credential.c.administrator,
            roles.label("roles"),
        )
        .join(credential, credential.c.user_id == table.c.id, isouter=True)
        .where(
            table.c.deleted_at.is_(None),
            table.c.active.is_not(sa.false()),
            credential.c.disabled_at.is_(None),
        )
    )


def actor_of(row: sa.Row[*tuple[Any, ...]], zone: str) -> Actor:
    """Answer the actor of a row of :func:`select_actors`; ``zone`` is the site's."""
    return Actor(
        id=row.id,
        name=row.name,
        language=row.language or "zh",
        zone=readable_zone(row.zone, zone),
        administrator=bool(row.administrator),
        roles=frozenset((row.roles or "").split(",")) - {""},
    )


def set_credentials(
    connection: sa.Connection,
    user_id: int,
    password_hash: str | None,
    now: datetime,
    *,
    administrator: bool,
) -> None:
    """Give a user a password and say whether they administrate; ends their other sessions."""
    values = {
        "password_hash": password_hash,
        "administrator": administrator,
        "disabled_at": None,
        "changed_at": now,
    }
    where = credential.c.user_id == user_id
    if connection.execute(credential.update().where(where).values(**values)).rowcount == 0:
        connection.execute(credential.insert().values(user_id=user_id, **values))
    connection.execute(session.delete().where(session.c.user_id == user_id))


def disable(connection: sa.Connection, user_id: int, now: datetime) -> None:
    """Take away every way in: password, sessions, tokens."""
    where = credential.c.user_id == user_id
    values = {"disabled_at": now, "changed_at": now}
    if connection.execute(credential.update().where(where).values(**values)).rowcount == 0:
        connection.execute(
            credential.insert().values(user_id=user_id, administrator=False, **values)
        )
    connection.execute(session.delete().where(session.c.user_id == user_id))
    connection.execute(
        token.update()
        .where(token.c.user_id == user_id, token.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def enable(connection: sa.Connection, user_id: int, now: datetime) -> bool:
    """Let a disabled user sign in again; answer whether they were disabled."""
    where = (credential.c.user_id == user_id, credential.c.disabled_at.is_not(None))
    changed = credential.update().where(*where).values(disabled_at=None, changed_at=now)
    return bool(connection.execute(changed).rowcount)


def lock_administrators(connection: sa.Connection) -> frozenset[int]:
    """Answer who is marked as administrator, their credentials locked until the end."""
    query = sa.select(credential.c.user_id).where(credential.c.administrator)
    locked = query.order_by(credential.c.user_id).with_for_update()
    return frozenset(connection.execute(locked).scalars())


def standing(
    connection: sa.Connection, users: RecordTable, among: Collection[int] | None = None
) -> frozenset[int]:
    """Answer which of some users, or of all, are living, active and not disabled."""
    query = select_actors(users)
    if among is not None:
        query = query.where(users.table.c.id.in_(among))
    return frozenset(row.id for row in connection.execute(query))


def administrators(connection: sa.Connection) -> dict[int, bool]:
    """Answer, for each user whom nothing keeps from signing in, whether they administrate."""
    query = sa.select(credential.c.user_id, credential.c.administrator).where(
        credential.c.disabled_at.is_(None)
    )
    return {row.user_id: row.administrator for row in connection.execute(query)}


def readable_zone(name: str | None, fallback: str) -> str:
    """Answer a person's time zone, the site's where theirs is blank or means nothing."""
    try:
        return ZoneInfo(name).key if name else fallback
    except (ValueError, OSError, ZoneInfoNotFoundError):
        return fallback
