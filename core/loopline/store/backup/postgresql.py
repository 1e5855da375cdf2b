"""Tables of PostgreSQL as streams of COPY: neither way needs a program of the server's."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

from loopline.errors import Conflict
from loopline.store.backup.structure import TableShape, own_tables


def rows_of(connection: sa.Connection, shape: TableShape) -> Iterator[bytes]:
    """Yield the rows of a table in COPY's text format."""
    with _copying(connection, shape, "TO STDOUT") as copy:
        for block in copy:
            yield bytes(block)


def fill(
    connection: sa.Connection,
    shapes: Sequence[TableShape],
    rows: Callable[[TableShape], Iterable[bytes]],
    *,
    replace: bool,
) -> None:
    """Make tables and fill them within an open transaction; with ``replace``, drop ours before.

    What others made stays. Raises Conflict where the database refuses a statement.
    """
    try:
        if replace:
            _drop_own(connection)
        for shape in shapes:
            _run(connection, shape.before)
            with _copying(connection, shape, "FROM STDIN") as copy:
                for block in rows(shape):
                    copy.write(block)
            _run(connection, shape.after)
        for shape in shapes:
            _run(connection, shape.last)
        _run(connection, ["ANALYZE"])
    except (sa.exc.DBAPIError, psycopg.Error) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise Conflict(code="backup.database_refused", reason=reason) from error


def _drop_own(connection: sa.Connection) -> None:
    names = own_tables(connection)
    if names:
        quote = connection.dialect.identifier_preparer.quote
        connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quote, names))}")


def _run(connection: sa.Connection, statements: Iterable[str]) -> None:
    for one in statements:
        connection.exec_driver_sql(one.replace("%", "%%"))


@contextmanager
def _copying(connection: sa.Connection, shape: TableShape, way: str) -> Iterator[Any]:
    quote = connection.dialect.identifier_preparer.quote
    columns = ", ".join(map(quote, shape.columns))
    driver: Any = connection.connection.driver_connection
    statement = f"COPY {quote(shape.name)} ({columns}) {way}"
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy
