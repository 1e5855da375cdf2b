"""Formulas and lookups: the checked trees of their values, over the record that shows them."""

from typing import Final

from loopline.expr.arithmetic import fitted, guarded
from loopline.expr.check import check_value
from loopline.expr.cost import refuse_excess
from loopline.expr.errors import fault
from loopline.expr.parse import parse
from loopline.expr.scope import Scope
from loopline.expr.tree import Node, Rounded
from loopline.expr.typed import type_of
from loopline.expr.types import KIND_LABELS, TEXTS, exact
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes

MOST_NESTED: Final = 5
"""Formulas that may stand inside one another."""
RETURNS: Final = frozenset(
    {"text", "long_text", "integer", "decimal", "percent", "money", "duration", "boolean", "date"}
) | {"datetime"}
"""The types a formula may return."""


def read_virtual(field: FieldDef, scope: Scope, types: FieldTypes, path: str = "formula") -> Node:
    """Answer the checked tree of a formula or lookup: a number with the decimals of its field.

    Raises ExpressionError with problems at ``path``, also where the value is not what the field
    returns.
    """
    if field.virtual is None:
        raise TypeError(f"not a virtual field: {field.id}")
    node = check_value(parse(field.virtual.formula, path), scope, path)
    if field.virtual.lookup:
        return node
    found, wanted = type_of(node), types[field.type].expr_type
    if found.kind is not wanted and not {found.kind, wanted} <= TEXTS:
        params = {"found": KIND_LABELS[found.kind], "expected": KIND_LABELS[wanted]}
        raise fault(path, "formula.type", node.at, field.virtual.formula[:40], **params)
    return refuse_excess(_with_scale(node, field.scale), path) if found.number else node


def _with_scale(node: Node, scale: int) -> Node:
    """Answer a number with so many decimals: finer ones are rounded half away from zero."""
    found = type_of(node)
    if found.exact and found.scale <= scale:
        return fitted(node, exact(scale))
    return Rounded("round", guarded(node), exact(scale), at=node.at)
