"""The database and its transactions, by the rules of SQLite and PostgreSQL.

SQLite: SQLAlchemy's default mode does not roll DDL back, so the driver is put in autocommit mode
and every BEGIN is explicit. A transaction that may write starts BEGIN IMMEDIATE behind one
in-process lock: readers never wait, writers queue fairly instead of spinning on a busy file.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext

from loopline.errors import BadRequest, NotValid, Problem, Unavailable

Connection = sa.Connection
"""A connection inside a transaction; layers above name it without knowing SQLAlchemy."""

_BUSY_TIMEOUT_MS: Final = 10_000
_POOL_SIZE: Final = 20
_KERNEL_STATEMENTS: Final = 50
"""Kept compiled for the kernel's own tables; those on record tables stay with their snapshot."""


class Database:
    """One site's database: hands out connections inside a transaction."""

    def __init__(self, url: str) -> None:
        self.url = _read_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if not self.is_sqlite:
            self.url = self.url.set(drivername="postgresql+psycopg")
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else _postgresql_engine(self.url)
        event.listen(self.engine, "handle_error", _say_unreachable)
        event.listen(self.engine, "handle_error", _say_unkeepable)
        self._reading = self.engine
        if not self.is_sqlite:
            self._reading = self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        self._write_lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Open a transaction that only reads: one consistent picture, never blocked by a writer.

        The database itself refuses to write in it.
        """
        with self._reading.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Open a transaction that may write; commits on leaving, rolls back on an error."""
        if not self.is_sqlite:
            with self.engine.connect() as connection, connection.begin():
                yield connection
            return
        with (
            self._write_lock,
            self.engine.connect() as connection,
            connection.execution_options(ll_writes=True).begin(),
        ):
            yield connection

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def _read_url(text: str) -> sa.URL:
    """Answer the address of a database. Raises NotValid for one that we do not speak to."""
    try:
        url = sa.make_url(text)
    except sa.exc.ArgumentError:
        url = None
    if url is None or url.drivername not in {"sqlite", "postgresql"}:
        raise NotValid(Problem("database.url", "database.url"))
    return url


def _say_unreachable(context: ExceptionContext) -> None:
    """Raise Unavailable where no connection could be made at all."""
    if context.connection is None and isinstance(context.sqlalchemy_exception, sa.exc.DBAPIError):
        reason = str(context.original_exception).strip().splitlines()[0]
        raise Unavailable(code="database.unreachable", reason=reason)


def _say_unkeepable(context: ExceptionContext) -> None:
    """Raise BadRequest where a text holds NUL, which PostgreSQL neither keeps nor looks for."""
    refused = isinstance(context.sqlalchemy_exception, sa.exc.DataError)
    if refused and "NUL (0x00)" in str(context.original_exception):
        raise BadRequest(code="text.control")


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    engine = sa.create_engine(
        url,
        query_cache_size=_KERNEL_STATEMENTS,
        connect_args={"check_same_thread": False, "isolation_level": None},
        **(
            {}
            if url.database in {None, "", ":memory:"}
            else {"pool_size": _POOL_SIZE, "max_overflow": 20}
        ),
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={_BUSY_TIMEOUT_MS}",
            "cache_size=-65536",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if connection.get_execution_options().get("ll_writes"):
            driver.execute("PRAGMA query_only=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the file may be busy
        else:
            driver.execute("PRAGMA query_only=ON")
            driver.execute("BEGIN")

    return engine


def _postgresql_engine(url: sa.URL) -> sa.Engine:
    return sa.create_engine(
        url,
        query_cache_size=_KERNEL_STATEMENTS,
        pool_size=_POOL_SIZE,
        max_overflow=20,
        pool_pre_ping=True,
        connect_args={"options": "-c timezone=UTC"},
    )
