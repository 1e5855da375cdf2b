"""A formula as others need it: its checked tree, its type and the fields it reads."""

from dataclasses import dataclass

from loopline.expr.check import check_value
from loopline.expr.parse import parse
from loopline.expr.reading import references
from loopline.expr.scope import Scope
from loopline.expr.tree import Node
from loopline.expr.typed import type_of
from loopline.expr.types import ValueType


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked formula. ``type`` gives kind, decimals, and whether a number is exact.

    ``fields`` are the paths of all fields read, links that are followed not by themselves.
    """

    node: Node
    type: ValueType
    fields: frozenset[tuple[str, ...]]


def read_formula(text: str, scope: Scope, path: str = "formula") -> Formula:
    """Answer a formula parsed and checked. Raises ExpressionError with problems at ``path``."""
    node = check_value(parse(text, path), scope, path)
    return Formula(node, type_of(node), references(node))
