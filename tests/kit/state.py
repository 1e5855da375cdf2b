"""Everything a database holds, as plain values that can be compared."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from loopline.bootstrap import Platform

_SQLITE = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2"
_POSTGRESQL = """
SELECT 'column', table_name, column_name, data_type || is_nullable
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname,
  contype::text || convalidated::text
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
ORDER BY 1, 2, 3
"""


def structure(platform: Platform) -> list[tuple[Any, ...]]:
    """Answer the tables, columns, indexes and constraints that stand in the database."""
    query = _SQLITE if platform.database.is_sqlite else _POSTGRESQL
    with platform.database.read() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def contents(platform: Platform) -> Mapping[str, list[str]]:
    """Answer every row of every table, as sorted texts."""
    with platform.database.read() as connection:
        names = sa.inspect(connection).get_table_names()
        quote = connection.dialect.identifier_preparer.quote
        return {
            name: sorted(
                repr(tuple(row))
                for row in connection.execute(sa.text(f"SELECT * FROM {quote(name)}"))
            )
            for name in names
            if "_fts_" not in name
        }


def state(platform: Platform) -> tuple[object, object]:
    """Answer structure and contents together."""
    return structure(platform), contents(platform)
