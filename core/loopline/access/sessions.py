"""Sessions of the browser: rows with hashed, rotating ids, and the attempts to get one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from loopline.access.secrets import digest, new_secret
from loopline.access.tables import attempt, session
from loopline.errors import TooMany
from loopline.expr.fold import fold

_WINDOW: Final = timedelta(minutes=15)
_MOST_BY_EMAIL: Final = 10
_MOST_BY_ADDRESS: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A signed-in browser. ``csrf`` is what its forms must send back."""

    user_id: int
    csrf: str
    expires_at: datetime


def open_session(
    connection: sa.Connection, user_id: int, now: datetime, days: int, *, address: str, agent: str
) -> str:
    """Start a session; answer the secret for the cookie."""
    secret = new_secret()
    connection.execute(
        session.insert().values(
            hash=digest(secret),
            user_id=user_id,
            csrf=new_secret(),
            created_at=now,
            expires_at=now + timedelta(days=days),
            address=address[:60],
            agent=agent[:200],
        )
    )
    connection.execute(session.delete().where(session.c.expires_at < now))
    return secret


def find_session(connection: sa.Connection, secret: str, now: datetime) -> Session | None:
    """Answer the session of a cookie, if it is still good."""
    query = sa.select(session).where(session.c.hash == digest(secret), session.c.expires_at > now)
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Session(user_id=row.user_id, csrf=row.csrf, expires_at=row.expires_at)


def close_session(connection: sa.Connection, secret: str) -> None:
    """End a session."""
    connection.execute(session.delete().where(session.c.hash == digest(secret)))


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A session as its owner sees it; ``key`` names it and opens nothing."""

    key: str
    created_at: datetime
    expires_at: datetime
    address: str
    agent: str


def sign_ins(connection: sa.Connection, user_id: int, now: datetime) -> list[SignIn]:
    """Answer the sessions of a user that are still good, the newest first."""
    query = sa.select(session).where(session.c.user_id == user_id, session.c.expires_at > now)
    return [
        SignIn(
            key=row.hash,
            created_at=row.created_at,
            expires_at=row.expires_at,
            address=row.address or "",
            agent=row.agent or "",
        )
        for row in connection.execute(query.order_by(session.c.created_at.desc()))
    ]


def session_key(secret: str) -> str:
    """Answer what names the session of a cookie."""
    return digest(secret)


def end_sign_ins(connection: sa.Connection, user_id: int, *, only: str = "", keep: str = "") -> int:
    """End sessions of a user by their keys, all if none is named; answer how many."""
    where = [session.c.user_id == user_id]
    if only:
        where.append(session.c.hash == only)
    if keep:
        where.append(session.c.hash != keep)
    return connection.execute(session.delete().where(*where)).rowcount


def locked_until(connection: sa.Connection, email: str, now: datetime) -> datetime | None:
    """Answer until when an address is kept from signing in by failures; None where it is not."""
    subject = f"mail:{fold(email)[:200]}"
    query = sa.select(attempt.c.at).where(
        attempt.c.subject == subject, attempt.c.at > now - _WINDOW
    )
    newest = list(connection.execute(query.order_by(attempt.c.at.desc())).scalars())
    return newest[_MOST_BY_EMAIL - 1] + _WINDOW if len(newest) >= _MOST_BY_EMAIL else None


def lift_lock(connection: sa.Connection, email: str) -> int:
    """Forget the failed logins of an address; answer how many."""
    subject = f"mail:{fold(email)[:200]}"
    return connection.execute(attempt.delete().where(attempt.c.subject == subject)).rowcount


def note_attempt(connection: sa.Connection, email: str, address: str, now: datetime) -> None:
    """Count a failed login."""
    rows = [
        {"subject": f"mail:{email[:200]}", "at": now},
        {"subject": f"from:{address}", "at": now},
    ]
    connection.execute(attempt.insert(), rows)
    connection.execute(attempt.delete().where(attempt.c.at < now - _WINDOW))


def refuse_too_many(connection: sa.Connection, email: str, address: str, now: datetime) -> None:
    """Raise TooMany after too many failed logins for an e-mail address or from an address."""
    for subject, most in (
        (f"mail:{email[:200]}", _MOST_BY_EMAIL),
        (f"from:{address}", _MOST_BY_ADDRESS),
    ):
        where = (attempt.c.subject == subject) & (attempt.c.at > now - _WINDOW)
        count = connection.execute(sa.select(sa.func.count()).where(where)).scalar_one()
        if count >= most:
            seconds = int(_WINDOW.total_seconds())
            raise TooMany(code="auth.too_many", seconds=seconds, minutes=seconds // 60)
