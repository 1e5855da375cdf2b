"""Copying a whole database: what a test kit starts each test from."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from loopline.store.engine import Database


def copy_database(source: str, target: str) -> None:
    """Make ``target`` a copy of ``source``; whatever it held is lost.

    Both are addresses on the same kind of server. Nobody may be connected to either.
    """
    origin, goal = sa.make_url(source), sa.make_url(target)
    if origin.get_backend_name() == "sqlite":
        _copy_file(str(origin.database), str(goal.database))
    else:
        _copy_on_server(origin, goal)


def create_database(url: str) -> None:
    """Make an empty database; SQLite makes its file by itself."""
    target = sa.make_url(url)
    if target.get_backend_name() != "sqlite":
        _on_server(target, "CREATE DATABASE {new} TEMPLATE template0", {"new": target})


def drop_database(url: str) -> None:
    """Remove a database with all it holds; nothing happens where there is none."""
    target = sa.make_url(url)
    if target.get_backend_name() == "sqlite":
        _drop_file(str(target.database))
    else:
        _on_server(target, "DROP DATABASE IF EXISTS {old} WITH (FORCE)", {"old": target})


def _drop_file(name: str) -> None:
    for ending in ("", "-wal", "-shm"):
        Path(name + ending).unlink(missing_ok=True)


def _copy_file(source: str, target: str) -> None:
    _drop_file(target)
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(target)) as goal:
        origin.backup(goal)


def _copy_on_server(origin: sa.URL, goal: sa.URL) -> None:
    names = {"new": goal, "old": origin}
    drop_database(goal.render_as_string(hide_password=False))
    _on_server(goal, "CREATE DATABASE {new} TEMPLATE {old} STRATEGY FILE_COPY", names)


def _on_server(beside: sa.URL, statement: str, names: Mapping[str, sa.URL]) -> None:
    """Run a statement that no transaction may hold, from the server's own database."""
    server = Database(beside.set(database="postgres").render_as_string(hide_password=False))
    with server.engine.connect() as connection:
        quote = connection.dialect.identifier_preparer.quote
        quoted = {name: quote(str(url.database)) for name, url in names.items()}
        free = connection.execution_options(isolation_level="AUTOCOMMIT")
        free.exec_driver_sql(statement.format(**quoted))
    server.close()
