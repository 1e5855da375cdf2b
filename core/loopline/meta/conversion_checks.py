"""Whether a conversion makes sense: fields that are there, values that fit them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from loopline.errors import LooplineError, Problem
from loopline.expr.check import check, check_value
from loopline.expr.parse import parse
from loopline.expr.tree import Field, Literal, Name, Node
from loopline.expr.typed import type_of
from loopline.expr.types import KIND_LABELS, TEXTS, ExprType, ValueType
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.language import Label
from loopline.meta.catalog import Catalog
from loopline.meta.conversions import INTO, ConversionDef, TargetDef, same_field
from loopline.meta.entities import EntityDef
from loopline.meta.scope import EntityScope

ITSELF: Final = "id"
"""In expressions of conversions: the record that is converted."""
_MARKED_UP: Final = "rich_text"
_OF_CHOICE: Final = "choice"
_LINES: Final = "lines"


@dataclass(frozen=True, slots=True)
class ConversionScope(EntityScope):
    """The fields of the source, and ``into.<target>``: the records made before."""

    into: Mapping[str, str] = field(default_factory=dict)

    def definition(self, path: tuple[str, ...]) -> FieldDef | None:
        """Answer the definition of the field at ``path``, links followed."""
        if path[0] != INTO or not self.into:
            return EntityScope.definition(self, path)
        entity = self.into.get(path[1]) if len(path) > 1 else None
        if entity is None:
            return None
        if len(path) > 2:
            return EntityScope(self.catalog, self.types, entity).definition(path[2:])
        return FieldDef(id=path[1], entity="", type="link", label=Label({}), to=entity)

    def names(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """Answer the names that may follow ``path``."""
        return tuple(self.into) if path == (INTO,) else tuple(EntityScope.names(self, path))


@dataclass(frozen=True, slots=True)
class Value:
    """What gives a field its value: a field copied whole, or a checked formula.

    ``id`` alone is a link to the source itself; a text in quotes may be the ``code`` of an option.
    """

    node: Node
    field: FieldDef | None = None
    path: tuple[str, ...] = ()
    code: str = ""


def read_value(text: str, scope: EntityScope, place: str = "value") -> Value:
    """Answer what an expression of ``set`` or ``then`` gives. Raises ExpressionError."""
    node = parse(text, place)
    if isinstance(node, Name) and node.path == (ITSELF,):
        own = FieldDef(
            id=ITSELF, entity=scope.entity, type="link", label=Label({}), to=scope.entity
        )
        return Value(node, own, node.path)
    if isinstance(node, Name) and node.path[0] != "me":
        definition = scope.definition(node.path)
        if definition is not None and definition.type in scope.types:
            if definition.virtual is None:
                return Value(node, definition, node.path)
            made = check_value(node, scope, place)
            return (
                Value(made, definition, made.ref.path) if isinstance(made, Field) else Value(made)
            )
    code = node.value if isinstance(node, Literal) and isinstance(node.value, str) else ""
    return Value(check_value(node, scope, place), code=code)


class ConversionChecker:
    """Checks one conversion against the catalog and the types of fields."""

    def __init__(self, catalog: Catalog, types: FieldTypes, conversion: ConversionDef) -> None:
        self._catalog = catalog
        self._types = types
        self._conversion = conversion

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, at paths within the document; unknown entities are told before."""
        conversion = self._conversion
        named = (conversion.source, *(one.entity for one in conversion.targets))
        if not all(self._catalog.has("entity", name) for name in named):
            return
        into: dict[str, str] = {}
        if conversion.when:
            yield from self._condition("when", conversion.when)
        for target in conversion.targets:
            yield from self._target(target, self._scope(into))
            into[target.id] = target.entity
        source = self._catalog.entity(conversion.source)
        yield from self._fields("then", source, conversion.then, self._scope(into))

    def _scope(self, into: Mapping[str, str]) -> EntityScope:
        source = self._conversion.source
        return ConversionScope(self._catalog, self._types, source, into=dict(into))

    def _target(self, target: TargetDef, scope: EntityScope) -> Iterator[Problem]:
        place, entity = f"into.{target.id}", self._catalog.entity(target.entity)
        if target.when:
            yield from self._condition(f"{place}.when", target.when)
        for name in target.match:
            if name not in entity.fields:
                params = {"field": name, "entity": entity.id}
                yield Problem(f"{place}.match", "metadata.no_field", params)
        yield from self._fields(f"{place}.set", entity, target.set, scope)

    def _condition(self, place: str, text: str) -> Iterator[Problem]:
        try:
            check(parse(text, place), self._scope({}), place)
        except LooplineError as error:
            yield from error.problems

    def _fields(
        self, place: str, entity: EntityDef, texts: Mapping[str, str], scope: EntityScope
    ) -> Iterator[Problem]:
        for name, text in texts.items():
            at, definition = f"{place}.{name}", entity.fields.get(name)
            if definition is None:
                params = {"field": name, "entity": entity.id}
                yield Problem(at, "metadata.no_field", params)
                continue
            if definition.virtual is not None:
                params = {"field": name, "entity": entity.id}
                yield Problem(at, "metadata.virtual_field", params)
                continue
            try:
                value = read_value(text, scope, at)
            except LooplineError as error:
                yield from (replace(one, path=at) for one in error.problems)
            else:
                yield from fitting_problems(at, value, definition, self._types)


def fitting_problems(
    place: str, value: Value, target: FieldDef, types: FieldTypes
) -> Iterator[Problem]:
    """Yield why a field cannot take what an expression gives; nothing where it can."""
    if target.type not in types:
        return
    if value.field is not None and value.field.type == target.type:
        if target.type != _LINES and not same_field(value.field, target):
            yield Problem(place, "conversion.other_target", {"field": target.id})
        return
    kind = types[target.type].expr_type
    if value.field is not None:
        found = ValueType(types[value.field.type].expr_type, to=value.field.to)
    else:
        found = type_of(value.node)
    marked = value.field is not None and value.field.type == _MARKED_UP
    if marked or not _meets(found, kind, target):
        params = {
            "field": target.id,
            "found": KIND_LABELS[found.kind],
            "expected": KIND_LABELS[kind],
        }
        yield Problem(place, "conversion.kind", params)
    if target.type == _OF_CHOICE and value.code and value.code not in target.options:
        params = {"field": target.id, "option": value.code, "known": ", ".join(target.options)}
        yield Problem(place, "conversion.no_option", params)


def _meets(found: ValueType, kind: ExprType, target: FieldDef) -> bool:
    if found.kind in TEXTS and kind in TEXTS:
        return True
    if found.kind is ExprType.LINK and kind is ExprType.LINK:
        return not found.to or found.to == target.to
    return found.kind is kind and kind not in {ExprType.SET, ExprType.OPAQUE}
