"""What an expression costs a database: how long its SQL grows and how deeply it nests.

Some SQL writes a value twice, so that nesting doubles it; and the parser of SQLite keeps at most
100 open items. Both are known before any SQL is made.
"""

from typing import Final

from loopline.expr.errors import fault
from loopline.expr.shown import shown
from loopline.expr.tree import (
    TESTS,
    And,
    Apply,
    Cast,
    Choose,
    Coalesce,
    Comparison,
    Concat,
    Derived,
    LocalDay,
    Lower,
    Node,
    Not,
    OnDay,
    Or,
    Product,
    Quotient,
    Rounded,
    Sum,
    children,
)
from loopline.expr.typed import steady, type_of

MOST_WEIGHT: Final = 4_000
MOST_DEPTH: Final = 76
_GUARD: Final = 13  # four functions keep a number within 18 digits
_FUNCTION: Final = 3.2
_DEPTHS: Final[dict[type[Node], float]] = {
    And: 2,
    Or: 2,
    Not: 0,
    Sum: _GUARD + 2,
    Product: _GUARD + 2,
    Quotient: _FUNCTION + 2,
    Choose: 6,
    Coalesce: _FUNCTION,
    Concat: 10,
    Lower: _FUNCTION,
    LocalDay: 34,
}


def refuse_excess(node: Node, path: str) -> Node:
    """Answer the checked node. Raises ExpressionError where its SQL would be too long or deep."""
    weight, depth = _cost(node)
    if weight > MOST_WEIGHT or depth > MOST_DEPTH:
        raise fault(path, "expr.too_complicated", node.at, shown(node))
    return node


def _cost(node: Node) -> tuple[float, float]:
    if steady(node):  # worked out beforehand and bound
        return 1, 1
    below = [_cost(each) for each in children(node)]
    weight = 1 + sum(each for each, _ in below) * _repeats(node)
    return weight, max((each for _, each in below), default=0) + _depth(node)


def _repeats(node: Node) -> int:
    match node:
        case Comparison() | OnDay():
            return 3
        case Rounded(_, value):
            return 2 if type_of(value).exact else 4
        case Apply(function):
            return function.repeats
        case _:
            return 1


def _depth(node: Node) -> float:
    match node:
        case Cast(_, found):
            return _GUARD + 2 if found.exact else _FUNCTION + 1
        case Rounded(_, value):
            return 8 if type_of(value).exact else 24
        case Derived(value):
            return 6 if isinstance(value, TESTS) else 0
        case Apply(function):
            return function.depth * _FUNCTION
        case _:
            return _DEPTHS.get(type(node), 4)
