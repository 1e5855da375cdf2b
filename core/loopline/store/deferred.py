"""Work that follows a publish, in batches that can be repeated."""

from typing import Any, cast

import sqlalchemy as sa

from loopline.store.rows import columns_for, dump, load
from loopline.store.tables import RecordTable


def fill_sort_keys(
    connection: sa.Connection, one: RecordTable, name: str, after: int, batch: int
) -> int | None:
    """Compute the sort keys of the next ``batch`` records; answer the last id, None at the end."""
    stored = one.fields[name]
    query = sa.select(*columns_for(one, [name])).where(one.table.c.id > after)
    rows = connection.execute(query.order_by(one.table.c.id).limit(batch)).mappings().all()
    if not rows:
        return None
    values = []
    for row in rows:
        record = load(one, cast("dict[str, Any]", row), [name])
        columns: dict[str, object] = {}
        dump(stored, record.values[name], columns)
        values.append({"_id": record.id, stored.sort: columns[stored.sort]})
    connection.execute(one.table.update().where(one.table.c.id == sa.bindparam("_id")), values)
    return int(rows[-1]["id"])


def validate_link(connection: sa.Connection, table: str, column: str) -> None:
    """Check the old rows of a link that was added NOT VALID (PostgreSQL)."""
    quote = connection.dialect.identifier_preparer.quote
    name = f"fk_{table}_{column}"[:63]
    connection.execute(sa.text(f"ALTER TABLE {quote(table)} VALIDATE CONSTRAINT {quote(name)}"))
