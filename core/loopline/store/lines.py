"""Lines of records in one query."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

import sqlalchemy as sa

from loopline.store.rows import Record, reader
from loopline.store.tables import RecordTable

_CHUNK: Final = 500


def fetch_lines(
    connection: sa.Connection, one: RecordTable, link: str, parents: Sequence[int]
) -> Mapping[int, list[Record]]:
    """Answer the living lines of records, by the record their link points to, oldest first."""
    read = reader(one)
    pointing = one.table.c[one.fields[link].main]
    query = (
        sa.select(*read.columns)
        .where(pointing.in_(sa.bindparam("parents", expanding=True)))
        .where(one.table.c.deleted_at.is_(None))
        .order_by(one.table.c.id)
    )
    found: dict[int, list[Record]] = defaultdict(list)
    for start in range(0, len(parents), _CHUNK):
        some = {"parents": parents[start : start + _CHUNK]}
        for row in connection.execute(query, some):
            record = read.record(row)
            found[int(str(record.values[link]))].append(record)
    return found
