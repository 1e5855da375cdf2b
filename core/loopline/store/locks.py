"""Locks that last until the transaction ends."""

from typing import Final

import sqlalchemy as sa

_PUBLISH_LOCK: Final = 7_205_001
_LOCK_TIMEOUT: Final = "10s"


def keep_publishers_out(connection: sa.Connection) -> None:
    """Let one publisher in at a time, and let it give up rather than block readers behind DDL.

    On SQLite the writing transaction itself is that lock.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_PUBLISH_LOCK)))
