"""API tokens: shown once, stored as hashes, limited to scopes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.access.accounts import ActorQuery, actor_of, select_actors
from loopline.access.context import ALL_SCOPES, Actor
from loopline.access.secrets import digest, new_secret
from loopline.access.tables import token
from loopline.store.tables import RecordTable

SCOPES: Final = ALL_SCOPES


def create_token(
    connection: sa.Connection, user_id: int, scopes: frozenset[str], now: datetime, label: str = ""
) -> str:
    """Make a token; answer it, never to be seen again. ``write`` and more imply ``read``."""
    secret = f"ll_{new_secret()}"
    connection.execute(
        token.insert().values(
            hash=digest(secret),
            user_id=user_id,
            scopes=",".join(sorted(scopes | {"read"})),
            label=label,
            created_at=now,
        )
    )
    return secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as its owner sees it, without the secret."""

    id: int
    user_id: int
    label: str
    scopes: tuple[str, ...]
    created_at: datetime
    revoked_at: datetime | None


def tokens_of(connection: sa.Connection, user_id: int | None = None) -> list[Token]:
    """Answer the tokens of a user, of everybody if None, the newest first."""
    query = sa.select(token).order_by(token.c.id.desc())
    if user_id is not None:
        query = query.where(token.c.user_id == user_id)
    return [
        Token(
            id=row.id,
            user_id=row.user_id,
            label=row.label,
            scopes=tuple(row.scopes.split(",")),
            created_at=row.created_at,
            revoked_at=row.revoked_at,
        )
        for row in connection.execute(query)
    ]


def revoke_token(connection: sa.Connection, token_id: int, now: datetime) -> None:
    """Let a token open nothing any more."""
    connection.execute(
        token.update()
        .where(token.c.id == token_id, token.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def find_bearer(
    connection: sa.Connection, users: RecordTable, secret: str, zone: str
) -> Actor | None:
    """Answer the user of a token, limited to its scopes; None if unknown, revoked or disabled."""
    query = users.memo("bearer", lambda: _select_bearer(users))
    row = connection.execute(query, {"hash": digest(secret)}).one_or_none()
    if row is None:
        return None
    return replace(actor_of(row, zone), scopes=frozenset(row.scopes.split(",")))


def _select_bearer(users: RecordTable) -> ActorQuery:
    query = select_actors(users).add_columns(token.c.scopes)
    return query.join(token, token.c.user_id == users.table.c.id).where(
        token.c.hash == sa.bindparam("hash"), token.c.revoked_at.is_(None)
    )
