"""Work that follows a publish, in batches that can be repeated."""

import sqlalchemy as sa

from loopline.store.rows import Reader, dump_column
from loopline.store.tables import RecordTable


def fill_sort_keys(
    connection: sa.Connection, one: RecordTable, name: str, after: int, batch: int
) -> int | None:
    """Compute the sort keys of the next ``batch`` records; answer the last id, None at the end."""
    stored, read = one.fields[name], Reader(one, [name])
    query = sa.select(*read.columns).where(one.table.c.id > after)
    rows = connection.execute(query.order_by(one.table.c.id).limit(batch)).all()
    if not rows:
        return None
    keys = dump_column(stored, [read.record(row).values[name] for row in rows])[stored.sort]
    values = [{"_id": row.id, stored.sort: key} for row, key in zip(rows, keys, strict=True)]
    connection.execute(one.table.update().where(one.table.c.id == sa.bindparam("_id")), values)
    return int(rows[-1].id)


def living_ids(connection: sa.Connection, one: RecordTable, after: int, batch: int) -> list[int]:
    """Answer the next ``batch`` ids beyond ``after`` of records that are not in the bin."""
    key, gone = one.table.c.id, one.table.c.deleted_at
    query = sa.select(key).where(key > after, gone.is_(None)).order_by(key).limit(batch)
    return list(connection.execute(query).scalars())


def validate_link(connection: sa.Connection, table: str, column: str) -> None:
    """Check the old rows of a link that was added NOT VALID (PostgreSQL)."""
    quote = connection.dialect.identifier_preparer.quote
    name = f"fk_{table}_{column}"[:63]
    connection.execute(sa.text(f"ALTER TABLE {quote(table)} VALIDATE CONSTRAINT {quote(name)}"))
