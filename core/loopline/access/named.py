"""Users found by what people call them."""

from collections.abc import Collection
from typing import Final

import sqlalchemy as sa

from loopline.access.accounts import select_actors
from loopline.store.tables import RecordTable

_CHUNK: Final = 500


def find_named(
    connection: sa.Connection,
    users: RecordTable,
    *,
    names: Collection[str] = (),
    emails: Collection[str] = (),
    ids: Collection[int] = (),
) -> list[tuple[int, str, str]]:
    """Answer (id, folded name, folded e-mail) of users who may sign in and go by any of these.

    ``names`` and ``emails`` are folded.
    """
    table = users.table.c
    columns = (table.id, table.name__key, table.email__key)
    query = select_actors(users).with_only_columns(*columns, maintain_column_froms=True)
    found: dict[int, tuple[int, str, str]] = {}
    for column, wanted in zip(columns, (ids, names, emails), strict=True):
        ordered = sorted(wanted, key=str)
        for start in range(0, len(ordered), _CHUNK):
            some = query.where(column.in_(ordered[start : start + _CHUNK]))
            rows = connection.execute(some)
            found |= {row[0]: (row[0], row[1] or "", row[2] or "") for row in rows}
    return [found[user] for user in sorted(found)]
