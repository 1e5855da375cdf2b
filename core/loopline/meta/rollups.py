"""What a roll-up's definition means: the type of its result, and whether it can be kept true."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final, Protocol

from loopline.errors import LooplineError
from loopline.expr.check import references
from loopline.expr.parse import parse
from loopline.expr.tree import Call, Me, walk
from loopline.fields.definition import Computed, FieldDef
from loopline.meta.document import Path
from loopline.meta.entities import EntityDef

_NUMBERS: Final = frozenset({"integer", "decimal", "percent", "money", "duration", "rating"})
_ORDERED: Final = _NUMBERS | {"date", "datetime", "time"}
_TAKES: Final = {"sum": _NUMBERS, "avg": _NUMBERS, "min": _ORDERED, "max": _ORDERED}
_FINER: Final = 2
_MOST_DECIMALS: Final = 8
_CLOCK: Final = frozenset({"today", "now", "days_between", "date_of"})
Found = tuple[Path, str, dict[str, object]]


class Entities(Protocol):
    """The entities of a release."""

    def has(self, kind: str, name: str) -> bool:
        """Whether there is such a document."""
        ...

    def entity(self, name: str) -> EntityDef:
        """Answer an entity."""
        ...


def with_result(field: FieldDef, children: Mapping[str, EntityDef]) -> FieldDef:
    """Answer a roll-up with the type of its result; as it is where what it is over is not there."""
    made = field.computed
    child = children.get(made.of) if made is not None else None
    if made is None or child is None:
        return field
    plain = replace(field, read_only=True, audited=False)
    if made.aggregate == "count":
        return replace(plain, type="integer", default=0)
    of = child.fields.get(made.field)
    if of is None or of.type not in _TAKES.get(made.aggregate, ()):
        return field
    if made.aggregate == "avg" and of.type != "money":
        scale = min(of.scale + _FINER, _MOST_DECIMALS)
        return replace(plain, type="percent" if of.type == "percent" else "decimal", scale=scale)
    kind = "integer" if of.type == "rating" else of.type
    default = "0" if made.aggregate == "sum" else None
    return replace(plain, type=kind, scale=of.scale, unit=field.unit or of.unit, default=default)


def rollup_problems(field: FieldDef, entities: Entities) -> Iterator[Found]:
    """Yield what keeps a roll-up from being kept true by the writes of its children alone."""
    made = field.computed
    if made is None or not entities.has("entity", made.of):
        return
    child, path = entities.entity(made.of), ("fields", field.id)
    link = child.fields.get(made.via)
    if link is None or link.to != field.entity:
        yield (*path, "via"), "rollup.via", {"via": made.via, "of": made.of, "to": field.entity}
    yield from _field_problems(made, child, path)
    if made.filter:
        yield from _filter_problems(made, child, path)


def _field_problems(made: Computed, child: EntityDef, path: Path) -> Iterator[Found]:
    of = child.fields.get(made.field)
    if made.aggregate == "count":
        return
    if of is None or of.computed is not None or of.type not in _TAKES[made.aggregate]:
        params: dict[str, object] = {"field": made.field, "aggregate": made.aggregate}
        yield (*path, "field"), "rollup.field", params


def _filter_problems(made: Computed, child: EntityDef, path: Path) -> Iterator[Found]:
    try:
        node = parse(made.filter)
    except LooplineError as error:
        for problem in error.problems:
            yield (*path, "filter"), problem.code, dict(problem.params)
        return
    names = references(node)
    far = any(len(name) > 1 for name in names)
    made_up = any(name[0] in child.computed for name in names)
    passing = any(
        isinstance(one, Me) or (isinstance(one, Call) and one.function in _CLOCK)
        for one in walk(node)
    )
    if far or made_up or passing:
        yield (*path, "filter"), "rollup.filter", {"filter": made.filter}
