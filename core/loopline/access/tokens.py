"""API tokens: shown once, stored as hashes, limited to scopes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from loopline.access.secrets import digest, new_secret
from loopline.access.tables import token

SCOPES: Final = frozenset({"read", "write", "metadata", "admin"})


@dataclass(frozen=True, slots=True)
class Token:
    """A valid token: whose it is and what it is good for."""

    user_id: int
    scopes: frozenset[str]


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


_FIND: Final = sa.select(token.c.user_id, token.c.scopes).where(
    token.c.hash == sa.bindparam("hash"), token.c.revoked_at.is_(None)
)


def find_token(connection: sa.Connection, secret: str) -> Token | None:
    """Answer the token, if it is known and not revoked."""
    row = connection.execute(_FIND, {"hash": digest(secret)}).one_or_none()
    return None if row is None else Token(row.user_id, frozenset(row.scopes.split(",")))
