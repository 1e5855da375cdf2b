"""Groups: what one value of a dimension is called, sorted by, and the condition that finds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from loopline.expr.types import ExprType
from loopline.fields.choice import ordered_codes
from loopline.fields.definition import FieldDef
from loopline.fields.pinyin import pinyin_key
from loopline.query.buckets import bucket_condition, bucket_name, first_day
from loopline.query.document import Dimension, Grain

Titles = Mapping[tuple[str, int], str]
"""Titles of linked records that the viewer may read, by entity and id."""
BLANK_RANK: tuple[object, ...] = (1,)


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """One value of a dimension. ``key`` is its JSON form, None where the field is blank.

    ``condition`` is the expression that holds for its records; ``rank`` sorts it, blanks last.
    """

    key: object
    label: str
    condition: str
    rank: tuple[object, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DimensionPlan:
    """A dimension compiled: ``column`` is grouped by, ``shown`` is the text of a group of texts.

    ``name`` answers what people call a stored value.
    """

    dimension: Dimension
    field: FieldDef
    type: ExprType
    scale: int
    column: sa.ColumnElement[Any]
    shown: sa.ColumnElement[Any] | None = None
    name: Callable[[object], str] = str

    @property
    def to(self) -> str:
        """The entity of which the groups are records, empty for other groups."""
        return self.field.to if self.type is ExprType.LINK else ""

    def group(self, raw: object, shown: object, titles: Titles) -> Group:
        """Answer the group of what the database answered."""
        path = ".".join(self.dimension.path)
        if raw is None:
            return Group(key=None, label="", condition=f"is_blank({path})", rank=BLANK_RANK)
        if self.dimension.grain is not None and isinstance(raw, int):
            return _days(path, raw, self.dimension.grain)
        if self.dimension.bounds and isinstance(raw, int):
            return _band(path, raw, self.dimension.bounds)
        match self.type:
            case ExprType.TEXT:
                text = str(shown)
                return _group(text, text, f"{path} == {quoted(text)}", pinyin_key(text))
            case ExprType.LINK if isinstance(raw, int):
                title = titles.get((self.to, raw), f"#{raw}")
                return _group(raw, title, f"{path} == {raw}", pinyin_key(title), raw)
            case ExprType.NUMBER if isinstance(raw, int):
                number = Decimal(raw).scaleb(-self.scale)
                key = f"{number:f}" if self.scale else raw
                return _group(key, f"{number:f}", f"{path} == {number:f}", number)
            case ExprType.BOOLEAN:
                holds = bool(raw)
                return _group(holds, self.name(holds), f"{path} == {str(holds).lower()}", not holds)
            case _:
                return self._coded(path, str(raw))

    def _coded(self, path: str, code: str) -> Group:
        codes = ordered_codes(self.field)
        place = codes.index(code) if code in codes else len(codes)
        return _group(code, self.name(code), f"{path} == {quoted(code)}", place, code)


def quoted(text: str) -> str:
    """Answer a text as expressions write it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _group(key: object, label: str, condition: str, *rank: object) -> Group:
    return Group(key=key, label=label, condition=condition, rank=(0, *rank))


def _days(path: str, number: int, grain: Grain) -> Group:
    first = first_day(number, grain)
    return Group(
        key=None if first is None else first.isoformat(),
        label=bucket_name(number, grain),
        condition=bucket_condition(path, number, grain),
        rank=(0, number),
    )


def _band(path: str, at: int, bounds: tuple[Decimal, ...]) -> Group:
    low, high = ([None, *bounds][at], [*bounds, None][at])
    tests = [f"{path} >= {low:f}"] if low is not None else []
    tests += [f"{path} < {high:f}"] if high is not None else []
    name = f"{'' if low is None else format(low, 'f')}–{'' if high is None else format(high, 'f')}"
    return _group(name, name, " && ".join(tests), at)
