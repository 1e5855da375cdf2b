"""What is grouped by or aggregated: a field, or a value that an expression makes of fields."""

from dataclasses import dataclass
from typing import Final

from loopline.errors import NotValid, Problem
from loopline.expr.check import check_value, references
from loopline.expr.parse import parse
from loopline.expr.scope import Ref
from loopline.expr.suggest import meant
from loopline.expr.tree import Name, Node
from loopline.expr.typed import type_of
from loopline.expr.types import ExprType, ValueType
from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.query.document import Aggregate, Dimension, Path
from loopline.query.rows import Rows
from loopline.query.unread import unread

MONEY: Final = "money"
_TYPES: Final = {
    ExprType.DATE: "date",
    ExprType.DATETIME: "datetime",
    ExprType.BOOLEAN: "boolean",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Valued:
    """A value of each row: its checked tree, and what it is as a field.

    ``amount`` is the field of money it is made of, empty where there is none.
    """

    node: Node
    ref: Ref
    field: FieldDef
    amount: Path

    @property
    def shared(self) -> bool:
        """Whether it is made of linked records alone, which several rows may share."""
        paths = references(self.node)
        return bool(paths) and all(len(path) > 1 for path in paths)


def valued(rows: Rows, one: Dimension | Aggregate, at: str) -> Valued:
    """Answer what a dimension or an aggregate looks at.

    Raises NotValid for a field that is not there for the viewer, and for an expression that is
    wrong or makes no exact number, date or truth.
    """
    if one.value:
        return _made(rows, one, f"{at}.value")
    ref, field = rows.fields.resolve(one.path), rows.fields.definition(one.path)
    if ref is None or field is None:
        raise NotValid(no_field(rows, one.path, f"{at}.field"))
    node = check_value(Name(one.path), rows.fields)
    amount = one.path if field.type == MONEY else ()
    return Valued(node=node, ref=ref, field=field, amount=amount)


def no_field(rows: Rows, path: Path, at: str) -> Problem:
    """Answer the problem of a field that is not there for the viewer, with the one it may mean."""
    near = meant(path[-1], rows.fields.names(path[:-1]))
    params = {"field": ".".join(path), "unread": unread(rows.ctx), "near": near}
    return Problem(at, "query.no_field", params)


def _made(rows: Rows, one: Dimension | Aggregate, at: str) -> Valued:
    node = check_value(parse(one.value, at), rows.fields, at)
    kind = type_of(node)
    amount: Path = ()
    for path in sorted(references(node)):
        found = rows.fields.definition(path)
        if found is not None and found.type == MONEY and not amount:
            amount = path
    named = _type_name(kind, amount)
    if not named:
        raise NotValid(Problem(at, "query.value_kind"))
    field = FieldDef(
        id=one.id,
        entity=rows.entity,
        type=named,
        label=one.label or Label({"en": one.id}),
        scale=kind.scale,
    )
    return Valued(node=node, ref=Ref((one.id,), kind.kind, kind.scale), field=field, amount=amount)


def _type_name(kind: ValueType, amount: Path) -> str:
    """Answer the type of fields that hold such values, blank for those that are not offered."""
    if not kind.number:
        return _TYPES.get(kind.kind, "")
    if not kind.exact:
        return ""
    return MONEY if amount else "decimal" if kind.scale else "integer"
