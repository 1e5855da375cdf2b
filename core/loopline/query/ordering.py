"""Sorting and keyset paging: ORDER BY, and the condition "after this row", blanks always last.

The first sort key decides the plan. Rows that have it come first, straight off its index; rows
without it follow in a second phase, so that neither phase needs NULLS LAST, which no index of
SQLite serves. Later keys sort their blanks last within the page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from loopline.errors import BadRequest, Problem
from loopline.expr.moment import Moment
from loopline.meta.entities import EntityDef
from loopline.store.columns import RecordColumns
from loopline.store.virtual import VirtualField

Column = sa.ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: its column or expression, its direction, and whether it may be blank."""

    name: str
    column: Column
    descending: bool
    nullable: bool

    def __str__(self) -> str:
        """Answer the key as text, with what its column stores."""
        return f"{'-' if self.descending else ''}{self.name} {self.column.type!r}"


def sort_keys(
    columns: RecordColumns,
    entity: EntityDef,
    sort: Sequence[str],
    virtual: Callable[[str], VirtualField | None],
    moment: Moment,
) -> tuple[Key, ...]:
    """Answer the keys of a sort, ending in the id so that no two rows are equal.

    ``virtual`` answers the fields that are stored nowhere. Raises BadRequest for an unknown field
    or one that cannot be sorted by.
    """
    keys: list[Key] = []
    for text in sort:
        name, descending = text.lstrip("-"), text.startswith("-")
        field = entity.field(name)
        stored, made = columns.one.field(name), virtual(name)
        if field is None or field.masked or (stored is None and made is None):
            params = {"field": name, "entity": entity.label}
            raise BadRequest(Problem("sort", "query.sort", params))
        if made is not None:
            column: Column = made.order(columns, moment)
            keys.append(Key(name, column, descending, nullable=True))
        elif stored is not None:
            plain = columns.one.table.c[stored.order]
            keys.append(Key(name, plain, descending, bool(plain.nullable)))
    if not any(key.name == "id" for key in keys):
        descending = keys[0].descending if keys else True
        keys.append(Key("id", columns.one.table.c.id, descending, nullable=False))
    return tuple(keys)


def order_by(keys: Sequence[Key], *, blank_first_key: bool, backwards: bool) -> list[Column]:
    """Answer the ORDER BY of one phase; ``backwards`` reads towards the beginning."""
    ordered: list[Column] = []
    for index, key in enumerate(keys):
        if index == 0 and blank_first_key:
            continue
        if index > 0 and key.nullable:
            blank = key.column.is_(None)
            ordered.append(blank.desc() if backwards else blank.asc())
        down = key.descending != backwards
        ordered.append(key.column.desc() if down else key.column.asc())
    return ordered


def after(
    keys: Sequence[Key], values: Sequence[object], *, blank_first_key: bool, backwards: bool
) -> sa.ColumnElement[bool]:
    """Answer the condition for rows that come after the row with these sort values."""
    pairs = list(zip(keys, values, strict=True))[1 if blank_first_key else 0 :]
    condition: sa.ColumnElement[bool] = sa.false()
    for key, value in reversed(pairs):
        beyond = _beyond(key, value, backwards=backwards)
        same = key.column.is_(None) if value is None else key.column == value
        condition = sa.or_(beyond, sa.and_(same, condition))
    first, value = pairs[0]
    if value is not None and not first.nullable:
        # a plain bound on the leading column lets the index skip straight to the page
        down = first.descending != backwards
        condition = sa.and_(first.column <= value if down else first.column >= value, condition)
    return condition


def _beyond(key: Key, value: object, *, backwards: bool) -> sa.ColumnElement[bool]:
    down = key.descending != backwards
    if value is None:  # blanks stand last: nothing is beyond them, everything before them
        return key.column.is_not(None) if backwards else sa.false()
    beyond = key.column < value if down else key.column > value
    if key.nullable and not backwards:
        return sa.or_(beyond, key.column.is_(None))
    return beyond
