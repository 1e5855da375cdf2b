"""Inserting rows by the shortest way each database has: one executemany, COPY, or unnested arrays.

Rows are given column by column, so that what a column needs on its way to the driver is worked out
once for a batch, and values that repeat (moments, days) are converted once.
"""

from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, Final

import psycopg
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeEngine

from loopline.store.types import Moment

Columns = Mapping[str, Sequence[object]]
Binder = Callable[[Sequence[object]], Sequence[object]]
_COPY_FROM: Final = 20
"""Below this number of rows a plain INSERT is quicker than COPY."""


def insert_columns(connection: sa.Connection, table: sa.Table, columns: Columns) -> None:
    """Insert rows given as columns of equal length; what is prepared for it dies with the table.

    Raises sqlalchemy.exc.IntegrityError, whichever way the rows go.
    """
    key = (connection.dialect.name, tuple(columns))
    prepared: _Insert | None = table.info.get(key)
    if prepared is None:
        prepared = table.info[key] = _Insert(table, columns, connection.dialect)
    prepared.run(connection, prepared.rows(columns))


def insert_new_columns(connection: sa.Connection, table: sa.Table, columns: Columns) -> int:
    """Insert those rows that meet no unique key of another; answer how many were inserted."""
    key = (connection.dialect.name, "new", *columns)
    prepared: _InsertNew | None = table.info.get(key)
    if prepared is None:
        prepared = table.info[key] = _InsertNew(table, columns, connection.dialect)
    return prepared.run_new(connection, columns)


class _Insert:
    """An INSERT into some columns of a table."""

    def __init__(self, table: sa.Table, names: Container[str], dialect: Dialect) -> None:
        chosen = [column for column in table.columns if column.name in names]
        self._names = [column.name for column in chosen]
        self._binders = [_binder(column.type, dialect) for column in chosen]
        statement = table.insert().inline()
        self._text = str(statement.compile(dialect=dialect, column_keys=self._names))
        quote = dialect.identifier_preparer.quote
        listed = ", ".join(map(quote, self._names))
        self._copy = f"COPY {quote(table.name)} ({listed}) FROM STDIN"

    def bound(self, columns: Columns) -> list[Sequence[object]]:
        """Answer the columns as the driver wants their values."""
        return [
            columns[name] if binder is None else binder(columns[name])
            for name, binder in zip(self._names, self._binders, strict=True)
        ]

    def rows(self, columns: Columns) -> list[tuple[object, ...]]:
        """Answer the rows as the driver wants them."""
        return list(zip(*self.bound(columns), strict=True))

    def run(self, connection: sa.Connection, rows: list[tuple[object, ...]]) -> None:
        """Send the rows."""
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(self._text, rows if len(rows) > 1 else rows[0])
        elif len(rows) < _COPY_FROM:
            named = [dict(zip(self._names, row, strict=True)) for row in rows]
            connection.exec_driver_sql(self._text, named if len(named) > 1 else named[0])
        else:
            self._run_copy(connection, rows)

    def _run_copy(self, connection: sa.Connection, rows: list[tuple[object, ...]]) -> None:
        driver: Any = connection.connection.driver_connection
        try:
            with driver.cursor() as cursor, cursor.copy(self._copy) as copy:
                for row in rows:
                    copy.write_row(row)
        except psycopg.IntegrityError as error:
            raise sa.exc.IntegrityError(self._copy, None, error) from error


class _InsertNew(_Insert):
    """An INSERT that passes over rows whose key is taken: executemany, or one of whole arrays."""

    def __init__(self, table: sa.Table, names: Container[str], dialect: Dialect) -> None:
        super().__init__(table, names, dialect)
        if dialect.name != "sqlite":
            types = (table.c[name].type.compile(dialect=dialect) for name in self._names)
            arrays = ", ".join(f"%s::{one.partition(' COLLATE ')[0]}[]" for one in types)
            head = self._text.partition(" VALUES ")[0]
            self._text = f"{head} SELECT * FROM unnest({arrays})"  # noqa: S608 names of types
        self._text += " ON CONFLICT DO NOTHING"

    def run_new(self, connection: sa.Connection, columns: Columns) -> int:
        """Send the rows; answer how many went in."""
        if connection.dialect.name == "sqlite":
            sent: Any = self.rows(columns)
        else:
            sent = tuple(map(list, self.bound(columns)))
        return connection.exec_driver_sql(self._text, sent).rowcount


def _binder(kind: TypeEngine[Any], dialect: Dialect) -> Binder | None:
    """Answer what binds the values of a column; moments and days, which repeat, once each."""
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    if bind is None:
        return None
    if not isinstance(kind, Moment | sa.Date):
        return lambda values: list(map(bind, values))

    def bind_distinct(values: Sequence[object]) -> Sequence[object]:
        bound = {value: bind(value) for value in set(values)}
        return [bound[value] for value in values]

    return bind_distinct
