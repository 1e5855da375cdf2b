"""Groups: what one value of a dimension is called, sorted by, and the condition that finds it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import sqlalchemy as sa

from loopline.expr.literals import quoted
from loopline.expr.types import ExprType
from loopline.fields.choice import ordered_codes
from loopline.fields.definition import FieldDef
from loopline.fields.pinyin import pinyin_key
from loopline.query.buckets import Buckets
from loopline.query.document import Dimension, Order
from loopline.store.types import BIG

Titles = Mapping[tuple[str, object], str]
"""Titles of linked records that the viewer may read by entity and id, names of regions by code."""
REGION: Final = "region"
"""The type of fields, and the entity, of administrative divisions."""
BLANK_RANK: tuple[object, ...] = (1,)
OTHERS_RANK: tuple[object, ...] = (2,)


class Rest(Enum):
    """What stands in place of a value for all groups that are not among the first."""

    OTHERS = "others"


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

    ``name`` answers what people call a stored value, ``buckets`` gather days. ``many`` are the
    rows of a field of several values, and what joins them: a record is in a group for each.
    ``kept`` are the values that have groups of their own where only the first ones have.
    """

    dimension: Dimension
    field: FieldDef
    type: ExprType
    scale: int
    column: sa.ColumnElement[Any]
    shown: sa.ColumnElement[Any] | None = None
    name: Callable[[object], str] = str
    buckets: Buckets | None = None
    language: str = "en"
    many: tuple[sa.FromClause, sa.ColumnElement[bool]] | None = None
    kept: tuple[object, ...] | None = None

    def cut(self, kept: tuple[object, ...]) -> "DimensionPlan":
        """Answer the dimension with groups for some values, and one for all others."""
        values = {raw: sa.literal(at, BIG) for at, raw in enumerate(kept) if raw is not None}
        rest: sa.ColumnElement[Any] = sa.literal(-1, BIG)
        if values:
            bound = {sa.literal(raw, self.column.type): at for raw, at in values.items()}
            rest = sa.case(bound, value=self.column, else_=rest)
        if None in kept:
            rest = sa.case((self.column.is_(None), sa.literal(kept.index(None), BIG)), else_=rest)
        return replace(self, column=rest, kept=kept)

    def raw(self, found: object) -> object:
        """Answer the value of a group, given what the database answered."""
        if self.kept is None or not isinstance(found, int):
            return found
        return self.kept[found] if found >= 0 else Rest.OTHERS

    @property
    def to(self) -> str:
        """The entity of which the groups are records, empty for other groups."""
        if self.many is not None:
            return self.field.many
        return self.field.to if self.type is ExprType.LINK else ""

    @property
    def called_by(self) -> str:
        """The entity whose records say what groups are called, empty for other groups."""
        return REGION if self.field.type == REGION else self.to

    def group(self, raw: object, shown: object, titles: Titles) -> Group:
        """Answer the group of what the database answered."""
        path = self.dimension.name
        if raw is None:
            blank = self.dimension.blank_label.to(self.language)
            return Group(key=None, label=blank, condition=f"is_blank({path})", rank=BLANK_RANK)
        found = self._filled(path, raw, shown, titles)
        match self.dimension.order:
            case Order.LABEL:
                return replace(found, rank=(0, pinyin_key(found.label), str(raw)))
            case Order.VALUE if self.type is not ExprType.NUMBER:
                return replace(found, rank=(0, raw))
            case _:
                return found

    def _filled(self, path: str, raw: object, shown: object, titles: Titles) -> Group:
        if self.buckets is not None and isinstance(raw, int):
            return _days(path, raw, self.buckets)
        if self.dimension.bounds and isinstance(raw, int):
            found = _band(path, raw, self.dimension.bounds, whole=not self.scale)
            below = "" if raw else self.dimension.below_label.to(self.language)
            return replace(found, label=below) if below else found
        match self.type:
            case ExprType.SET if isinstance(raw, int):
                title = titles.get((self.to, raw), f"#{raw}")
                return _group(raw, title, f'"{raw}" in {path}', pinyin_key(title), raw)
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
                return self._coded(path, str(raw), titles)

    def _within(self, path: str, code: str) -> str:
        """Answer the condition of a region: with all below it, where these are gathered in it."""
        level = self.dimension.level
        if level is not None and len(code) == level.digits:
            return f"starts_with({path}, {quoted(code)})"
        return f"{path} == {quoted(code)}"

    def _coded(self, path: str, code: str, titles: Titles) -> Group:
        if self.field.type == REGION:
            name = titles.get((REGION, code), code)
            return _group(code, name, self._within(path, code), code)
        codes = ordered_codes(self.field)
        place = codes.index(code) if code in codes else len(codes)
        test = f"{quoted(code)} in {path}" if self.many else f"{path} == {quoted(code)}"
        return _group(code, self.name(code), test, place, code)


def _group(key: object, label: str, condition: str, *rank: object) -> Group:
    return Group(key=key, label=label, condition=condition, rank=(0, *rank))


def _days(path: str, number: int, within: Buckets) -> Group:
    first = within.first(number)
    return Group(
        key=None if first is None else first.isoformat(),
        label=within.name(number),
        condition=within.condition(path, number),
        rank=(0, number),
    )


def _band(path: str, at: int, bounds: tuple[Decimal, ...], *, whole: bool) -> Group:
    low, high = ([None, *bounds][at], [*bounds, None][at])
    tests = [f"{path} >= {low:f}"] if low is not None else []
    tests += [f"{path} < {high:f}"] if high is not None else []
    name = f"{'' if low is None else format(low, 'f')}–{'' if high is None else format(high, 'f')}"
    return _group(name, _band_name(low, high, whole=whole), " && ".join(tests), at)


def _band_name(low: Decimal | None, high: Decimal | None, *, whole: bool) -> str:
    """Answer what people call a band: whole numbers by the first and the last that it holds."""
    if low is None:
        return "" if high is None else f"< {_plain(high)}"
    if high is None:
        return f"≥ {_plain(low)}"
    last = high - 1 if whole and high == int(high) else high
    return _plain(low) if low == last else f"{_plain(low)}–{_plain(last)}"


def _plain(number: Decimal) -> str:
    """Answer a number without zeros at its end."""
    return f"{number.normalize():,f}"
