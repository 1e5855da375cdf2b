"""What statements read: their rows again, straight from the driver."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


@contextmanager
def foreign_rows(
    connection: sa.Connection, table: str, ids: Collection[int]
) -> Iterator[list[int]]:
    """Collect the ids outside of ``ids`` that statements on a table read while this is open.

    Each statement is run once more afterwards and its column ``id`` looked at.
    """
    said: list[tuple[str, Any]] = []
    found: list[int] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if f"FROM {table}" in statement and f"{table}.id" in statement:
            said.append((statement, given))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)
    for statement, given in said:
        rows = connection.exec_driver_sql(statement, given)
        if "id" in rows.keys():  # noqa: SIM118 a row of names, not a mapping
            found += [row["id"] for row in rows.mappings() if row["id"] not in ids]
    if not said:
        raise LookupError(f"nothing was read from {table}")
