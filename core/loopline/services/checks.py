"""Compiled checks: what a record must satisfy before it is written, built once per snapshot."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.definition import FieldDef
from loopline.meta.entities import RESERVED, EntityDef
from loopline.services.expressions import Linked, linked_records, predicate, values_of
from loopline.store.keys import existing_ids
from loopline.store.snapshot import Snapshot
from loopline.store.tables import RecordTable, StoredField

Row = Mapping[str, object]
FieldCheck = Callable[[object], Iterator[Problem]]


@dataclass(frozen=True)
class Checks:
    """The checks of one entity that need nothing but the record itself."""

    one: RecordTable
    required: tuple[FieldDef, ...]
    by_field: Mapping[str, FieldCheck]

    def of_create(self, row: Row) -> list[Problem]:
        """Answer what is wrong with a new record."""
        return [*self.of_missing(row, self.required), *self.of_values(row)]

    def of_update(self, row: Row, changed: Iterable[str]) -> list[Problem]:
        """Answer what is wrong with changed fields; untouched blanks of old records may stay."""
        touched = set(changed)
        required = [one for one in self.required if one.id in touched]
        values = {name: row[name] for name in touched}
        return [*self.of_missing(row, required), *self.of_values(values)]

    def of_missing(self, row: Row, required: Iterable[FieldDef]) -> Iterator[Problem]:
        """Yield the required fields that are blank."""
        for one in required:
            if row.get(one.id) is None:
                yield Problem(f"fields.{one.id}", "field.required", {"label": one.label})

    def of_values(self, row: Row) -> Iterator[Problem]:
        """Yield what is wrong with each value that is there."""
        for name, value in row.items():
            if value is not None:
                yield from self.by_field[name](value)


def checks_of(snapshot: Snapshot, entity: str) -> Checks:
    """Answer the compiled checks of an entity."""

    def build() -> Checks:
        one = snapshot.table(entity)
        return Checks(
            one=one,
            required=tuple(f.definition for f in one.fields.values() if _must_be_given(f)),
            by_field={name: _field_check(stored) for name, stored in one.fields.items()},
        )

    return snapshot.memo(("checks", entity), build)


def _must_be_given(stored: StoredField) -> bool:
    return stored.definition.required and not stored.definition.numbering


def _field_check(stored: StoredField) -> FieldCheck:
    path = f"fields.{stored.definition.id}"

    def check(value: object) -> Iterator[Problem]:
        for found in stored.type.check(stored.definition, value):
            yield found.at(path)

    return check


def unknown_fields(entity: EntityDef, row: Row, allowed: frozenset[str]) -> Iterator[Problem]:
    """Yield the names in a row that are no fields of the entity, or not to be written."""
    for name in row:
        if name not in entity.fields and name not in allowed:
            code = "field.reserved" if name in RESERVED else "field.unknown"
            yield Problem(f"fields.{name}", code, {"field": name, "entity": entity.label})


def check_rules(ctx: Context, entity: str, rows: Sequence[Row]) -> list[list[Problem]]:
    """Answer, for each row, the rules of the entity that refuse it."""
    rules = ctx.catalog.entity(entity).rules
    found: list[list[Problem]] = [[] for _ in rows]
    if not rules:
        return found
    compiled = [(rule, *predicate(ctx.snapshot, entity, rule.refuse_when)) for rule in rules]
    links = frozenset(link for _, _, needed in compiled for link in needed)
    linked: Linked = linked_records(ctx, entity, links, list(rows))
    for row, problems in zip(rows, found, strict=True):
        values = values_of(row, linked)
        for rule, refuses, _ in compiled:
            if refuses(values, ctx.moment):
                path = f"fields.{rule.field}" if rule.field else f"rules.{rule.id}"
                problems.append(Problem(path, "record.rule", {"message": rule.message}))
    return found


def check_links(ctx: Context, one: RecordTable, rows: Sequence[Row]) -> list[list[Problem]]:
    """Answer, for each row, the links that point to no living record: one query a link."""
    found: list[list[Problem]] = [[] for _ in rows]
    for field in one.entity.links:
        ids = {row[field.id] for row in rows if row.get(field.id) is not None}
        if not ids:
            continue
        alive = existing_ids(ctx.connection, ctx.snapshot.table(field.to), ids)
        for row, problems in zip(rows, found, strict=True):
            target = row.get(field.id)
            if target is not None and target not in alive:
                params = {"label": field.label, "id": target}
                problems.append(Problem(f"fields.{field.id}", "link.missing", params))
    return found
