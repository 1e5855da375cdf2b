"""Record tables: one SQLAlchemy Core table per entity, built from its definition."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar, cast

import sqlalchemy as sa

from loopline.fields.base import FieldType
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.entities import EntityDef
from loopline.store.members import member_table
from loopline.store.types import BIG, COLUMN_TYPES, KEY, TEXT, Moment

T = TypeVar("T")
KEY_SUFFIX: Final = "__key"
SORT_SUFFIX: Final = "__sort"


@dataclass(frozen=True)
class StoredField:
    """A field beside its type and the names of its columns."""

    definition: FieldDef
    type: FieldType
    columns: tuple[str, ...]
    key: str
    sort: str
    members: sa.Table | None = None
    """Where each member of a value of several has its own row, for fields that have such."""

    @cached_property
    def as_is(self) -> bool:
        """Whether the one column holds the value as it is, so that nothing is done on the way."""
        kind = type(self.type)
        return kind.dump is FieldType.dump and kind.load is FieldType.load

    @property
    def main(self) -> str:
        """The column that holds the value, or its principal part."""
        return self.columns[0]

    @property
    def all_columns(self) -> tuple[str, ...]:
        """Every column of the field, derived ones last."""
        return (*self.columns, *(name for name in (self.key, self.sort) if name))

    def match(self, value: object) -> object:
        """Answer what a value is looked up by: its folded key, or what the main column holds."""
        if value is None:
            return None
        if self.key:
            return self.type.key(self.definition, value) or None
        return self.type.dump(self.definition, value)[0]

    @property
    def match_column(self) -> str:
        """The column that holds what :meth:`match` answers."""
        return self.key or self.main

    @property
    def order(self) -> str:
        """The column by which lists sort."""
        return self.sort or self.key or self.main


@dataclass(frozen=True)
class RecordTable:
    """An entity's table and where each field is in it."""

    entity: EntityDef
    table: sa.Table
    fields: Mapping[str, StoredField]
    retired: Mapping[str, StoredField]
    system: Mapping[str, StoredField]
    virtual: Mapping[str, StoredField]
    """Formulas and lookups: fields of records without columns."""

    @cached_property
    def column_names(self) -> tuple[str, ...]:
        """Every column, those of retired fields included."""
        return tuple(column.name for column in self.table.columns)

    @cached_property
    def shown(self) -> Mapping[str, StoredField]:
        """The fields whose values a record carries when it is shown, in order."""
        both = {**self.fields, **self.virtual}
        return {name: both[name] for name in self.entity.fields if name in both}

    @cached_property
    def several(self) -> tuple[StoredField, ...]:
        """The fields in use whose values have several members, kept in rows of their own."""
        return tuple(one for one in self.fields.values() if one.members is not None)

    @cached_property
    def _memo(self) -> dict[Hashable, object]:
        return {}

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Answer what was built under ``key``, building it the first time; it dies with the table.

        For what the definition alone decides; texts that people send never belong into the key.
        """
        if key not in self._memo:
            self._memo[key] = build()
        return cast(T, self._memo[key])

    def field(self, name: str) -> StoredField | None:
        """Answer a field, or one of the values every record has."""
        return self.fields.get(name) or self.system.get(name)

    def column(self, name: str) -> sa.Column[object]:
        """Answer a column by name."""
        return self.table.c[name]


def table_name(entity: str) -> str:
    """Answer the name of an entity's table; the prefix keeps clear of the kernel's own tables."""
    return f"r_{entity}"


def system_columns() -> list[sa.Column[object]]:
    """Answer the columns that every record has."""
    return [
        sa.Column("id", KEY, primary_key=True, autoincrement=True),
        sa.Column("row_version", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", BIG),
        sa.Column("updated_at", Moment(), nullable=False),
        sa.Column("updated_by", BIG),
        sa.Column("deleted_at", Moment()),
    ]


def build_table(entity: EntityDef, sorted_fields: frozenset[str], types: FieldTypes) -> RecordTable:
    """Build the table of an entity. Retired fields keep their columns."""
    stored = {
        name: _stored(one, types, with_sort=name in sorted_fields)
        for name, one in {**entity.fields, **entity.retired}.items()
        if one.virtual is None and not types[one.type].held_elsewhere
    }
    columns = system_columns()
    for field in stored.values():
        kinds = field.type.columns(field.definition)
        for column in kinds:
            columns.append(
                sa.Column(field.definition.id + column.suffix, COLUMN_TYPES[column.kind])
            )
        if field.sort:
            columns.append(sa.Column(field.sort, TEXT))
    table = sa.Table(table_name(entity.id), sa.MetaData(), *columns, sqlite_autoincrement=True)
    return RecordTable(
        entity=entity,
        table=table,
        fields={name: field for name, field in stored.items() if name in entity.fields},
        retired={name: field for name, field in stored.items() if name in entity.retired},
        system={
            name: StoredField(one, types[one.type], (name,), "", "")
            for name, one in entity.system.items()
        },
        virtual={
            name: StoredField(one, types[one.type], (), "", "")
            for name, one in entity.virtual.items()
        },
    )


def _stored(definition: FieldDef, types: FieldTypes, *, with_sort: bool) -> StoredField:
    kind = types[definition.type]
    names = {column.suffix: column for column in kind.columns(definition)}
    return StoredField(
        definition=definition,
        type=kind,
        columns=tuple(definition.id + s for s, column in names.items() if not column.derived),
        key=definition.id + KEY_SUFFIX if KEY_SUFFIX in names else "",
        sort=definition.id + SORT_SUFFIX if with_sort and kind.short_text else "",
        members=member_table(definition, kind) if kind.member_kind else None,
    )


def sorted_fields(catalog: Catalog, entity: EntityDef) -> frozenset[str]:
    """Answer the fields that need a stored sort key: title, indexed, and those a view sorts by."""
    by_views = {name.lstrip("-") for view in catalog.views(entity.id) for name in view.sort}
    by_indexes = {name for index in entity.indexes for name in index.fields}
    return frozenset({entity.title_field} | by_views | by_indexes) & frozenset(entity.fields)
