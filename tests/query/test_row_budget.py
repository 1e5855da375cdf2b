"""However many records there are, a list reads its page and one row more."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, cursor_at, page
from loopline.store.engine import Connection

RECORDS = 100_000
LIMIT = 50
SERIES = {
    "sqlite": f"WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s LIMIT {RECORDS}) ",
    "postgresql": "",
}
SOURCE = {"sqlite": "s", "postgresql": f"generate_series(1, {RECORDS}) AS s(n)"}
FILL = (
    "INSERT INTO r_x_thing (row_version, created_at, updated_at, name, name__key, name__sort,"
    " count, active) SELECT 1, '2026-01-05 01:00:00', '2026-01-05 01:00:00',"
    " 'Thing ' || n, 'thing ' || n, 'thing ' || n, CASE WHEN n % 3 > 0 THEN n END, true FROM "
)
QUERIES = {
    "newest first": {},
    "filtered": {"filter": "count > 10"},
    "filtered by a link": {"filter": "is_blank(parent.name)"},
    "by title": {"sort": ("name",)},
    "by a field that may be blank": {"sort": ("-count",)},
    "with its count": {"count": "estimate"},
}


class RowCount:
    """Counts the rows that the driver hands over."""

    def __init__(self) -> None:
        self.rows = 0

    def watch(self, _connection: object, cursor: Any, *_statement: object) -> None:
        if isinstance(cursor, sqlite3.Cursor):
            cursor.row_factory = self._note
        else:
            self.rows += max(cursor.rowcount, 0)

    def _note(self, _cursor: sqlite3.Cursor, row: tuple[object, ...]) -> tuple[object, ...]:
        self.rows += 1
        return row


@contextmanager
def counted(connection: Connection) -> Iterator[RowCount]:
    found = RowCount()
    event.listen(connection, "after_cursor_execute", found.watch)
    yield found
    event.remove(connection, "after_cursor_execute", found.watch)


def fill(platform: Platform) -> None:
    backend = platform.database.engine.dialect.name
    with platform.write() as ctx:
        ctx.connection.execute(sa.text(SERIES[backend] + FILL + SOURCE[backend]))


def test_a_page_of_any_list_reads_its_rows_and_one_more(platform: Platform) -> None:
    fill(platform)
    read: dict[str, int] = {}
    for name, asked in QUERIES.items():
        query: dict[str, Any] = {"entity": "x_thing", "limit": LIMIT, **asked}
        with platform.read() as ctx:
            middle = cursor_at(ctx, ListQuery(**query), RECORDS // 2)
            for cursor in (None, middle):
                with counted(ctx.connection) as found:
                    page(ctx, ListQuery(**query, cursor=cursor))
                read[f"{name}, after {cursor}"] = found.rows
    counts = {name: 1 if "count" in asked else 0 for name, asked in QUERIES.items()}
    most = {name: LIMIT + 1 + counts[name.partition(",")[0]] for name in read}
    assert {name: rows for name, rows in read.items() if rows > most[name]} == {}
    assert max(read.values()) > LIMIT
