"""Unique values: no two living records of an entity have the same, alone or several together."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.store.keys import taken_keys
from loopline.store.tables import RecordTable, StoredField

Row = Mapping[str, object]
Fields = tuple[StoredField, ...]


def check_unique(
    ctx: Context,
    one: RecordTable,
    rows: Sequence[Row],
    own: Sequence[int | None],
    touched: Sequence[Collection[str]] | None = None,
) -> list[list[Problem]]:
    """Answer, for each row, the values that another living record, or row, already has.

    ``own`` is the id of each row's record. With ``touched`` only what has a field of a row's among
    them is looked up. Two who write at the same moment are told apart by the unique index.
    """
    found: list[list[Problem]] = [[] for _ in rows]
    for fields in _unique(one):
        names = {field.definition.id for field in fields}
        asked = [touched is None or not names.isdisjoint(touched[n]) for n in range(len(rows))]
        keys = [_key(fields, row) if ask else None for row, ask in zip(rows, asked, strict=True)]
        taken = taken_keys(ctx.connection, one, fields, {key for key in keys if key is not None})
        seen: dict[object, int] = {}
        for index, key in enumerate(keys):
            if key is None:
                continue
            other = taken.get(key)
            if (other is not None and other != own[index]) or seen.setdefault(key, index) != index:
                found[index].append(_problem(fields, other))
    return found


def _unique(one: RecordTable) -> Iterator[Fields]:
    """Yield the fields that are unique alone, then those that are unique together."""
    for stored in one.fields.values():
        if stored.definition.unique == "yes":
            yield (stored,)
    for index in one.entity.indexes:
        if index.unique and all(name in one.fields for name in index.fields):
            yield tuple(one.fields[name] for name in index.fields)


def _key(fields: Fields, row: Row) -> tuple[object, ...] | None:
    """Answer what is compared; None where a blank keeps the row from being anybody's twin."""
    key = tuple(field.match(row.get(field.definition.id)) for field in fields)
    return None if any(part is None for part in key) else key


def _problem(fields: Fields, other: int | None) -> Problem:
    first = fields[0].definition
    code = "unique.taken" if len(fields) == 1 else "unique.together"
    return Problem(f"fields.{first.id}", code, {"label": first.label, "record": other or ""})
