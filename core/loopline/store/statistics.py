"""Statistics by which the database plans its queries, renewed after bulk work."""

from typing import Final

import sqlalchemy as sa

from loopline.store.tables import RecordTable

_SAMPLE: Final = 1_000


def renew_statistics(connection: sa.Connection, one: RecordTable) -> None:
    """Look at a table's values anew; on SQLite by a sample, so that it takes milliseconds.

    Without it the planner of PostgreSQL takes a freshly filled table for an empty one and sorts
    what an index would give in order, until autovacuum comes by.
    """
    quoted = connection.dialect.identifier_preparer.quote(one.table.name)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit={_SAMPLE}")
    connection.exec_driver_sql(f"ANALYZE {quoted}")
