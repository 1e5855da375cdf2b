"""Counting what a plan must say about existing rows."""

import sqlalchemy as sa

from loopline.store.tables import RecordTable, StoredField


def count_rows(connection: sa.Connection, table: str) -> int:
    """Answer how many rows a table has."""
    query = sa.select(sa.func.count()).select_from(sa.table(table))
    return int(connection.execute(query).scalar_one())


def count_duplicates(connection: sa.Connection, element: object) -> int:
    """Answer how many groups of living rows a unique index would refuse; 0 for other elements.

    Columns that are not there yet hold nothing, so an index over them refuses nothing.
    """
    if not isinstance(element, sa.Index) or not element.unique or element.table is None:
        return 0
    table = element.table
    names = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    columns = [table.c[column.name] for column in element.columns]
    if not all(column.name in names for column in columns):
        return 0
    groups = (
        sa.select(*columns)
        .where(table.c.deleted_at.is_(None), *(column.is_not(None) for column in columns))
        .group_by(*columns)
        .having(sa.func.count() > 1)
        .subquery()
    )
    return int(connection.execute(sa.select(sa.func.count()).select_from(groups)).scalar_one())


def count_blank(
    connection: sa.Connection, one: RecordTable, stored: StoredField, *, exists: bool
) -> int:
    """Answer how many living records have nothing in a field; all of them if it is new."""
    query = (
        sa.select(sa.func.count()).select_from(one.table).where(one.table.c.deleted_at.is_(None))
    )
    if exists:
        query = query.where(one.table.c[stored.main].is_(None))
    return int(connection.execute(query).scalar_one())
