"""Which indexes an entity's table carries, and why."""

import hashlib
from collections.abc import Iterator
from typing import Final

import sqlalchemy as sa

from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField

_POINTING: Final = frozenset({"any_link", "file", "image"})
"""Field types that name something else by which their record is looked up."""


def wanted_indexes(snapshot: Snapshot, one: RecordTable) -> list[sa.Index]:
    """Answer the indexes of a table: newest first, links, unique values, declared ones, view sorts.

    The table they hang on is a throw-away copy, so that asking never changes the snapshot's.
    """
    table = one.table.to_metadata(sa.MetaData())
    alive = table.c.deleted_at.is_(None)
    wanted = {_index(table, ("created_at", "id"))}
    for field in one.fields.values():
        column = field.main if field.definition.to else field.match_column
        if field.definition.unique == "yes":
            wanted.add(_index(table, (column,), alive, unique=True))
        elif _is_looked_up(one, field):
            # blanks are never looked up, and many links are blank: leave them out of the index
            wanted.add(_index(table, (column,), table.c[column].is_not(None)))
    for columns, unique in _declared(snapshot, one):
        wanted.add(_index(table, columns, alive if unique else None, unique=unique))
    return [index for _, index in sorted(wanted, key=lambda pair: pair[0])]


def unique_index_pattern(table: str) -> str:
    """Answer the pattern of the names that unique indexes of a table have."""
    return f"ux_{table[:40]}_[0-9a-f]{{10}}"


def _is_looked_up(one: RecordTable, field: StoredField) -> bool:
    """Whether records are found by the field: a link, a value that others warn of, the title."""
    definition = field.definition
    return (
        bool(definition.to)
        or definition.type in _POINTING
        or definition.unique == "warn"
        or definition.id == one.entity.title_field
    )


def _declared(snapshot: Snapshot, one: RecordTable) -> Iterator[tuple[tuple[str, ...], bool]]:
    for index in one.entity.indexes:
        fields = [one.field(name) for name in index.fields]
        if all(fields):
            match = [(f.key or f.main) if index.unique else f.order for f in fields if f]
            yield tuple(match), index.unique
    for view in snapshot.catalog.views(one.entity.id):
        first = one.field(view.sort[0].lstrip("-")) if view.sort else None
        if first is not None and first.main != "id":
            yield (first.order, "id"), False


def _index(
    table: sa.Table,
    columns: tuple[str, ...],
    where: sa.ColumnElement[bool] | None = None,
    *,
    unique: bool = False,
) -> tuple[str, sa.Index]:
    part = "" if where is None else "u" if unique else "p"
    said = f"{table.name}:{','.join(columns)}:{part}"
    mark = "ux" if unique else "ix"
    name = f"{mark}_{table.name[:40]}_{hashlib.sha256(said.encode()).hexdigest()[:10]}"
    found = next((index for index in table.indexes if index.name == name), None)
    if found is None:
        found = sa.Index(
            name,
            *(table.c[c] for c in columns),
            unique=unique,
            sqlite_where=where,
            postgresql_where=where,
        )
    return name, found
