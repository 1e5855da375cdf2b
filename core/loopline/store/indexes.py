"""Which indexes an entity's table carries, and why."""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa

from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable


def wanted_indexes(snapshot: Snapshot, one: RecordTable) -> list[sa.Index]:
    """Answer the indexes of a table: newest first, links, unique values, declared ones, view sorts.

    The table they hang on is a throw-away copy, so that asking never changes the snapshot's.
    """
    table = one.table.to_metadata(sa.MetaData())
    alive = table.c.deleted_at.is_(None)
    wanted = {_index(table, ("created_at", "id"))}
    wanted |= {_index(table, (f.main,)) for f in one.fields.values() if f.definition.to}
    for field in one.fields.values():
        column = field.key or field.main
        if field.definition.unique == "yes":
            wanted.add(_index(table, (column,), unique=alive))
        elif field.definition.unique == "warn" or field.definition.id == one.entity.title_field:
            wanted.add(_index(table, (column,)))
    for columns, unique in _declared(snapshot, one):
        wanted.add(_index(table, columns, unique=alive if unique else None))
    return [table_index for _, table_index in sorted(wanted, key=lambda pair: pair[0])]


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
    unique: sa.ColumnElement[bool] | None = None,
) -> tuple[str, sa.Index]:
    said = f"{table.name}:{','.join(columns)}:{'u' if unique is not None else ''}"
    mark = "ix" if unique is None else "ux"
    name = f"{mark}_{table.name[:40]}_{hashlib.sha256(said.encode()).hexdigest()[:10]}"
    found = next((index for index in table.indexes if index.name == name), None)
    if found is None:
        found = sa.Index(
            name,
            *(table.c[c] for c in columns),
            unique=unique is not None,
            sqlite_where=unique,
            postgresql_where=unique,
        )
    return name, found
