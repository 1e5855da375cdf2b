"""What really stands in the database, beside what the documents and the ledger say."""

from collections.abc import Iterator

import sqlalchemy as sa

from loopline.store.ddl import physical_changes
from loopline.store.ledger import Owned, read_ledger
from loopline.store.snapshot import Snapshot
from loopline.store.system import metadata

Element = tuple[str, str, str]
"""Table, kind (table, column or index), name."""
_INVALID = "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid "
_INVALID += "WHERE NOT i.indisvalid"


def missing_elements(connection: sa.Connection, snapshot: Snapshot) -> list[Element]:
    """Answer what the kernel, the ledger or the documents say is there, and is not."""
    standing = _standing(connection)
    found = {
        *_of_kernel(standing),
        *_of_ledger(read_ledger(connection), standing),
        *(
            (one.table, one.kind, one.name)
            for one in physical_changes(snapshot, standing, snapshot.catalog.ids("entity"))
            if one.kind in {"table", "column", "index"}
        ),
    }
    lost = {name for name, kind, _ in found if kind == "table"}
    return sorted(one for one in found if one[1] == "table" or one[0] not in lost)


def damage(connection: sa.Connection) -> list[str]:
    """Answer what the database itself finds broken: pages and links of SQLite, as lines."""
    if connection.dialect.name != "sqlite":
        return []
    pages = connection.exec_driver_sql("PRAGMA quick_check(5)").scalars().all()
    links = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    lines = [str(line) for line in pages if line != "ok"]
    return lines + [f"{row[0]} {row[1]} -> {row[2]}" for row in links[:5]]


def _standing(connection: sa.Connection) -> Owned:
    inspector = sa.inspect(connection)
    columns = inspector.get_multi_columns()
    indexes = inspector.get_multi_indexes()
    names = {str(one["name"]) for found in indexes.values() for one in found}
    if connection.dialect.name == "postgresql":
        names -= set(connection.execute(sa.text(_INVALID)).scalars())
    return Owned(
        tables=frozenset(table for _, table in columns),
        columns=frozenset(
            (table, one["name"]) for (_, table), found in columns.items() for one in found
        ),
        indexes=frozenset(names),
    )


def _of_kernel(standing: Owned) -> Iterator[Element]:
    for table in metadata.tables.values():
        if table.name not in standing.tables:
            yield table.name, "table", table.name
        for column in table.columns:
            if (table.name, column.name) not in standing.columns:
                yield table.name, "column", column.name
        for index in table.indexes:
            if index.name not in standing.indexes:
                yield table.name, "index", str(index.name)


def _of_ledger(entered: Owned, standing: Owned) -> Iterator[Element]:
    yield from ((name, "table", name) for name in entered.tables - standing.tables)
    yield from ((table, "column", name) for table, name in entered.columns - standing.columns)
    yield from (("", "index", name) for name in entered.indexes - standing.indexes)
