"""The values that a conversion gives: expressions over the source and over what was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.check import references
from loopline.expr.python import compile_formula
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.conversion_checks import ConversionScope, Value, read_value
from loopline.meta.conversions import INTO, ConversionDef, carried_fields, same_field
from loopline.meta.entities import EntityDef
from loopline.services.expressions import Path, followed, linked_records, values_of
from loopline.services.fitting import fitted
from loopline.services.lines import read_lines
from loopline.store.rows import SYSTEM_COLUMNS, Record

Made = Mapping[str, Record | None]
"""By target, the whole record made or found; None where it is left out or not made yet."""
_LINES: Final = "lines"


@dataclass(frozen=True, slots=True)
class Given:
    """What a map of expressions gives: values by field without blanks, and what does not fit."""

    values: Mapping[str, object]
    problems: tuple[Problem, ...]


def mapping_of(
    ctx: Context, conversion: ConversionDef, target: str = ""
) -> Mapping[str, tuple[Value, frozenset[Path]]]:
    """Answer, for each field of a target (of the source, if blank), its value and what it reads."""

    def build() -> Mapping[str, tuple[Value, frozenset[Path]]]:
        catalog, types = ctx.snapshot.catalog, ctx.snapshot.types
        found = conversion.target(target)
        texts = dict(conversion.then if found is None else found.set)
        if found is not None:
            source, entity = catalog.entity(conversion.source), catalog.entity(found.entity)
            texts |= {name: name for name in carried_fields(source, entity, found)}
        into = {one.id: one.entity for one in conversion.targets}
        scope = ConversionScope(catalog, types, conversion.source, into=into)
        read = {name: read_value(text, scope, name) for name, text in texts.items()}
        return {
            name: (value, frozenset({value.path}) if value.field else references(value.node))
            for name, value in read.items()
        }

    return ctx.snapshot.memo(("conversion", conversion.id, target), build)


def depends_on(
    ctx: Context, conversion: ConversionDef, target: str
) -> Mapping[str, frozenset[str]]:
    """Answer, for each field of a target, the targets that its value is made from."""
    return {
        name: frozenset(path[1] for path in paths if path[0] == INTO and len(path) > 1)
        for name, (_, paths) in mapping_of(ctx, conversion, target).items()
    }


def give(ctx: Context, conversion: ConversionDef, target: str, source: Record, made: Made) -> Given:
    """Answer the values of a target's fields (of the source's, if blank)."""
    mapping = mapping_of(ctx, conversion, target)
    found = conversion.target(target)
    entity = conversion.source if found is None else found.entity
    one = ctx.snapshot.table(entity)
    paths = frozenset[Path]().union(*(read for _, read in mapping.values()))
    value_at = _reader(ctx, source, made, paths)
    values: dict[str, object] = {}
    problems: list[Problem] = []
    for name, (value, _) in mapping.items():
        stored = one.fields.get(name)
        if stored is None and not _is_lines(ctx, entity, name):
            continue
        try:
            held = _held(ctx, value, value_at)
            if value.field is not None and value.field.type == _LINES:
                held = _lines(ctx, source, value.field, entity, name)
            if held is not None and stored is not None:
                held = fitted(ctx, value, held, stored)
        except Unreadable as error:
            problems.append(error.at(f"fields.{name}"))
            continue
        if held is not None:
            values[name] = held
    return Given(values, tuple(problems))


def _is_lines(ctx: Context, entity: str, name: str) -> bool:
    field = ctx.snapshot.catalog.entity(entity).fields.get(name)
    return field is not None and field.type == _LINES


def _reader(
    ctx: Context, source: Record, made: Made, paths: frozenset[Path]
) -> Callable[[Path], object]:
    """Answer what reads a path of the source or of a record made before."""
    own = frozenset(path for path in paths if path[0] != INTO)
    of_source = _values(ctx, source, own)
    of_made = {
        name: _values(
            ctx, record, frozenset(p[2:] for p in paths if p[:2] == (INTO, name) and p[2:])
        )
        for name, record in made.items()
        if record is not None
    }

    def value(path: Path) -> object:
        if path[0] != INTO:
            return of_source(path)
        record = made.get(path[1])
        if record is None:
            return None
        return record.id if len(path) == 2 else of_made[path[1]](path[2:])

    return value


def _values(ctx: Context, record: Record, paths: frozenset[Path]) -> Callable[[Path], object]:
    row = {name: getattr(record, attribute) for name, attribute in SYSTEM_COLUMNS.items()}
    row |= record.values
    return values_of(row, linked_records(ctx, record.entity, followed(paths), [row]))


def _held(ctx: Context, value: Value, value_at: Callable[[Path], object]) -> object:
    if value.field is None:
        return compile_formula(value.node)(value_at, ctx.moment)
    return value_at(value.path)


def _lines(
    ctx: Context, source: Record, field: FieldDef, entity: str, name: str
) -> list[Mapping[str, object]] | None:
    """Answer the lines of the source as bodies of new ones: what both kinds have alike."""
    catalog, types = ctx.snapshot.catalog, ctx.snapshot.types
    of = catalog.entity(source.entity)
    rows = read_lines(ctx, of, [source.id], [field.id]).get(field.id, {}).get(source.id, ())
    old, new = (
        catalog.entity(many) for many in (field.many, catalog.entity(entity).fields[name].many)
    )
    shared = [
        one
        for one in new.fields.values()
        if one.id != new.parent_link
        and one.id not in new.computed
        and not one.numbering
        and same_field(old.fields.get(one.id), one)
    ]
    return [
        {
            one.id: types[one.type].to_json(one, row.values[one.id])
            for one in shared
            if row.values.get(one.id) is not None
        }
        for row in rows
    ] or None


def readable_source(ctx: Context, entity: EntityDef, paths: frozenset[Path]) -> bool:
    """Whether the actor may read, unveiled, whatever of the source a value is made from."""
    return all(path[0] == INTO or _readable(ctx, entity, path) for path in paths)


def _readable(ctx: Context, entity: EntityDef, path: Path) -> bool:
    if ctx.rights.level(entity, path[0]) not in {"read", "write"}:
        return False
    if len(path) == 1:
        return True
    link = entity.field(path[0])
    return link is not None and _readable(ctx, ctx.snapshot.catalog.entity(link.to), path[1:])
