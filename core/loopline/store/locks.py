"""Locks that last until the transaction ends, and what happens when one is not to be had."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Final

import psycopg
import sqlalchemy as sa

from loopline.errors import Unavailable

_PUBLISH_LOCK: Final = 7_205_001
_LOCK_TIMEOUT: Final = "10s"


def keep_publishers_out(connection: sa.Connection) -> None:
    """Let one publisher in at a time, and let it give up rather than block readers behind DDL.

    On SQLite the writing transaction itself is that lock. Raises Unavailable when another
    publisher does not finish in time.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'"))
        with refusing_when_locked():
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_PUBLISH_LOCK)))


def hold_name(connection: sa.Connection, name: str) -> None:
    """Let one transaction at a time hold a name; on SQLite a writing one is alone anyway."""
    if connection.dialect.name == "postgresql":
        number = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(number)))


@contextmanager
def refusing_when_locked() -> Iterator[None]:
    """Raise Unavailable where a lock was not granted in time: somebody is still using the table."""
    try:
        yield
    except sa.exc.OperationalError as error:
        if isinstance(error.orig, psycopg.errors.LockNotAvailable):
            raise Unavailable(code="publish.busy") from error
        raise
