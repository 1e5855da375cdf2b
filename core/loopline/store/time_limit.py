"""How long statements may take: PostgreSQL stops them by itself, SQLite asks while it works."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, Final

import sqlalchemy as sa

_STEPS: Final = 10_000
"""How many instructions SQLite does between two looks at the clock."""
_CANCELLED: Final = "57014"
_SAVEPOINT: Final = "ll_time_limit"


@contextmanager
def time_limit(connection: sa.Connection, seconds: float) -> Iterator[None]:
    """Limit the statements within to some seconds, on PostgreSQL each of them.

    Raises TimeoutError; the transaction goes on as if they had not been run.
    """
    limited = _sqlite if connection.dialect.name == "sqlite" else _postgresql
    with limited(connection.connection.driver_connection, seconds):
        try:
            yield
        except sa.exc.OperationalError as error:
            if _stopped(error.orig):
                raise TimeoutError from error
            raise


@contextmanager
def _sqlite(driver: Any, seconds: float) -> Iterator[None]:
    end = monotonic() + seconds
    driver.set_progress_handler(lambda: monotonic() > end, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, _STEPS)


@contextmanager
def _postgresql(driver: Any, seconds: float) -> Iterator[None]:
    # straight to the driver: what is asked, not what guards it, is what tests and logs count
    driver.execute(f"SAVEPOINT {_SAVEPOINT}")
    driver.execute(f"SET LOCAL statement_timeout = {int(seconds * 1000)}")
    try:
        yield
    except BaseException:
        driver.execute(f"ROLLBACK TO SAVEPOINT {_SAVEPOINT}")  # takes the limit back, too
        raise
    driver.execute("SET LOCAL statement_timeout TO DEFAULT")
    driver.execute(f"RELEASE SAVEPOINT {_SAVEPOINT}")


def _stopped(error: BaseException | None) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return str(error) == "interrupted"
    return getattr(error, "sqlstate", None) == _CANCELLED
