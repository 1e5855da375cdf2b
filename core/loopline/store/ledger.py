"""The kernel's ledger: which record tables, columns and indexes it made, and in which release.

Only what stands in the ledger is ever touched; a table or column of the same name that someone
else made is refused, not adopted.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa

from loopline.store.system import metadata
from loopline.store.types import TEXT

ledger = sa.Table(
    "ll_ledger",
    metadata,
    sa.Column("table_name", TEXT, primary_key=True),
    sa.Column("kind", TEXT, primary_key=True),  # table, column, index
    sa.Column("name", TEXT, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),
)


_MOST_NAMED: Final = 500


@dataclass(frozen=True)
class Owned:
    """What the kernel has made so far."""

    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]
    indexes: frozenset[str]


def read_ledger(connection: sa.Connection, tables: Collection[str] | None = None) -> Owned:
    """Answer what the ledger says of the given tables, or of all."""
    query = sa.select(ledger.c.table_name, ledger.c.kind, ledger.c.name)
    if tables is not None and len(tables) <= _MOST_NAMED:
        query = query.where(ledger.c.table_name.in_(tables))
    rows = connection.execute(query).all()
    return Owned(
        tables=frozenset(table for table, kind, _ in rows if kind == "table"),
        columns=frozenset((table, name) for table, kind, name in rows if kind == "column"),
        indexes=frozenset(name for _, kind, name in rows if kind == "index"),
    )


def columns_made(connection: sa.Connection, table: str) -> dict[str, int]:
    """Answer, for each column of a table, the revision that made it."""
    query = sa.select(ledger.c.name, ledger.c.revision).where(
        ledger.c.table_name == table, ledger.c.kind == "column"
    )
    return {row.name: row.revision for row in connection.execute(query)}


def enter(connection: sa.Connection, rows: list[tuple[str, str, str]], revision: int) -> None:
    """Enter (table, kind, name) rows made for a revision."""
    if rows:
        connection.execute(
            ledger.insert(),
            [{"table_name": t, "kind": k, "name": n, "revision": revision} for t, k, n in rows],
        )


def strike(connection: sa.Connection, indexes: list[str]) -> None:
    """Strike indexes that were dropped."""
    if indexes:
        gone = (ledger.c.kind == "index") & ledger.c.name.in_(indexes)
        connection.execute(ledger.delete().where(gone))
