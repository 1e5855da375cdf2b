"""What a roll-up's definition means: the type of its result."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef

_NUMBERS: Final = frozenset({"integer", "decimal", "percent", "money", "duration", "rating"})
_ORDERED: Final = _NUMBERS | {"date", "datetime", "time"}
TAKES: Final = {"sum": _NUMBERS, "avg": _NUMBERS, "min": _ORDERED, "max": _ORDERED}
"""The field types that each aggregate takes."""
_FINER: Final = 2
_MOST_DECIMALS: Final = 8


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
    if of is None or of.type not in TAKES.get(made.aggregate, ()):
        return field
    if made.aggregate == "avg" and of.type != "money":
        scale = min(of.scale + _FINER, _MOST_DECIMALS)
        return replace(plain, type="percent" if of.type == "percent" else "decimal", scale=scale)
    kind = "integer" if of.type == "rating" else of.type
    default = "0" if made.aggregate == "sum" else None
    return replace(plain, type=kind, scale=of.scale, unit=field.unit or of.unit, default=default)
