"""A copy of a site's database to try something on, gone when that is done."""

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from loopline.errors import Unavailable
from loopline.store.backup.postgresql import fill, rows_of
from loopline.store.backup.sqlite import copy_to_file
from loopline.store.backup.structure import own_tables, read_shape
from loopline.store.copies import create_database, drop_database
from loopline.store.engine import Database


@contextmanager
def scratch_copy(database: Database, folder: Path) -> Iterator[str]:
    """Copy a database in one snapshot and yield the copy's address; remove it on leaving.

    A SQLite copy stands in ``folder``, one of PostgreSQL on the same server. Raises Unavailable
    where the server lets no database be made.
    """
    if database.is_sqlite:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".scratch.") as place:
            copy = Path(place) / "loopline.db"
            with database.read() as connection:
                copy_to_file(connection, copy)
            yield f"sqlite:///{copy}"
        return
    name = f"{database.url.database}_scratch_{secrets.token_hex(4)}"
    beside = database.url.set(drivername="postgresql", database=name)
    url = beside.render_as_string(hide_password=False)
    _create(url)
    try:
        _fill(database, url)
        yield url
    finally:
        drop_database(url)


def _create(url: str) -> None:
    try:
        create_database(url)
    except sa.exc.DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise Unavailable(code="upgrade.no_scratch", reason=reason) from error


def _fill(database: Database, url: str) -> None:
    target = Database(url)
    try:
        with database.read() as origin, target.write() as goal:
            shapes = [read_shape(origin, name) for name in own_tables(origin)]
            fill(goal, shapes, partial(rows_of, origin), replace=False)
    finally:
        target.close()
