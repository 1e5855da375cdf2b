"""Compiled checks: what a record must satisfy before it is written, built once per snapshot."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.any_link import target
from loopline.fields.base import FieldType
from loopline.fields.definition import FieldDef
from loopline.meta.entities import RESERVED, EntityDef
from loopline.services.expressions import Linked, linked_records, predicate, values_of
from loopline.services.files.checks import check_files
from loopline.services.zones import check_zone
from loopline.store.keys import existing_ids
from loopline.store.tables import RecordTable, StoredField

Row = Mapping[str, object]
_PEOPLE: Final = "user"
_ANYWHERE: Final = "any_link"
FieldCheck = Callable[[object], list[Problem]]


@dataclass(frozen=True)
class Checks:
    """The checks of one entity that need nothing but the record itself."""

    required: tuple[FieldDef, ...]
    by_field: Mapping[str, FieldCheck]

    def of_new(self, rows: Sequence[Row]) -> list[list[Problem]]:
        """Answer what is wrong with each of some new records that name every field."""
        found = [list(_missing(row, self.required)) for row in rows]
        for name, check in self.by_field.items():
            for row, problems in zip(rows, found, strict=True):
                value = row[name]
                if value is not None:
                    problems += check(value)
        return found

    def of_change(self, row: Row, changed: Collection[str]) -> list[Problem]:
        """Answer what is wrong with changed fields; untouched blanks of old records may stay."""
        found = list(_missing(row, (one for one in self.required if one.id in changed)))
        for name in changed:
            value = row[name]
            if value is not None and name in self.by_field:
                found += self.by_field[name](value)
        return found


def checks_of(one: RecordTable) -> Checks:
    """Answer the compiled checks of an entity; a type that never complains is left out."""

    def build() -> Checks:
        fields = one.fields.values()
        return Checks(
            required=tuple(f.definition for f in fields if _must_be_given(f)),
            by_field=_with_kernel_checks(
                one,
                {
                    f.definition.id: _field_check(f)
                    for f in fields
                    if type(f.type).check is not FieldType.check
                },
            ),
        )

    return one.memo("checks", build)


def _missing(row: Row, required: Iterable[FieldDef]) -> Iterator[Problem]:
    """Yield the required fields that are blank."""
    for one in required:
        if row[one.id] is None:
            yield Problem(f"fields.{one.id}", "field.required", {"label": one.label})


def _must_be_given(stored: StoredField) -> bool:
    return stored.definition.required and not stored.definition.numbering


def _field_check(stored: StoredField) -> FieldCheck:
    path, check, definition = (
        f"fields.{stored.definition.id}",
        stored.type.check,
        stored.definition,
    )
    return lambda value: [found.at(path) for found in check(definition, value)]


def _with_kernel_checks(one: RecordTable, checks: dict[str, FieldCheck]) -> dict[str, FieldCheck]:
    """Answer checks of fields, with what the kernel asks of its own entities."""
    if one.entity.id == "user" and "zone" in one.fields:
        written = checks["zone"]
        checks["zone"] = lambda value: written(value) or check_zone("fields.zone", str(value))
    return checks


def unknown_fields(entity: EntityDef, row: Row, allowed: frozenset[str]) -> Iterator[Problem]:
    """Yield the names in a row that are no fields of the entity, or not to be written."""
    for name in entity.computed & row.keys():
        label = entity.fields[name].label
        yield Problem(f"fields.{name}", "field.computed", {"label": label})
    if row.keys() <= entity.fields.keys():
        return
    for name in row:
        if name not in entity.fields and name not in allowed:
            code = "field.reserved" if name in RESERVED else "field.unknown"
            yield Problem(f"fields.{name}", code, {"field": name, "entity": entity.label})


def check_rules(ctx: Context, entity: str, rows: Sequence[Row]) -> list[list[Problem]]:
    """Answer, for each row, the rules of the entity that refuse it."""
    rules = ctx.snapshot.catalog.entity(entity).rules
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
    """Answer, for each row, the links to no living record and the files that cannot be given.

    One query a link.
    """
    found: list[list[Problem]] = [[] for _ in rows]
    for field in one.memo("pointing", lambda: _pointing(one)):
        pointed = [_pointed(field, row.get(field.id)) for row in rows]
        for entity in {entity for each in pointed for entity, _ in each}:
            ids = {record for each in pointed for other, record in each if other == entity}
            if entity == _PEOPLE and ids == {ctx.actor.id}:
                continue  # who acts was read in this transaction
            alive = _living(ctx, entity, ids)
            for each, problems in zip(pointed, found, strict=True):
                for other, record in each:
                    if other == entity and record not in alive:
                        params = {"label": field.label, "id": record}
                        problems.append(Problem(f"fields.{field.id}", "link.missing", params))
    for problems, added in zip(found, check_files(ctx, one, rows), strict=True):
        problems += added
    return found


def _pointing(one: RecordTable) -> tuple[FieldDef, ...]:
    """Answer the fields whose values name records."""
    several = tuple(each.definition for each in one.several if each.definition.many)
    anywhere = (field for field in one.entity.fields.values() if field.type == _ANYWHERE)
    return (*one.entity.links, *several, *anywhere)


def _pointed(field: FieldDef, value: object) -> Sequence[tuple[str, object]]:
    """Answer the records that a value names, each as (entity, id)."""
    if value is None:
        return ()
    if field.type == _ANYWHERE:
        return (target(value),)
    if isinstance(value, tuple):
        return tuple((field.many, one) for one in value)
    return ((field.to, value),)


def _living(ctx: Context, entity: str, ids: Collection[object]) -> set[object]:
    if not ctx.snapshot.catalog.has("entity", entity):
        return set()
    return existing_ids(ctx.connection, ctx.snapshot.table(entity), ids)
