"""API tokens: shown once, stored as hashes, limited to scopes."""

from dataclasses import replace
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
