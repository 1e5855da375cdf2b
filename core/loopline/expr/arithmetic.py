"""The types of sums, products and quotients, and numbers brought to one type."""

from collections.abc import Sequence
from typing import Final, Protocol

from loopline.expr.errors import ExpressionError
from loopline.expr.tree import (
    Cast,
    Literal,
    Node,
    Product,
    Quotient,
    Rounded,
    Sum,
)
from loopline.expr.typed import type_of
from loopline.expr.types import MAX_DIGITS, MAX_EXPONENT, ValueType, double, exact

MOST_PARTS: Final = 8
"""Numbers of 18 digits that can be added up before 64 bits overflow."""
_LOST: Final = 17
"""Digits by which a difference of doubles may be smaller than they are."""


class Fault(Protocol):
    """What makes the error at a node."""

    def __call__(self, code: str, node: Node, **params: object) -> ExpressionError:
        """Answer the error."""
        ...


def common(types: Sequence[ValueType]) -> ValueType:
    """Answer the number type that holds all of some: the most decimals, or doubles."""
    if all(each.exact for each in types):
        return exact(max(each.scale for each in types))
    bounds = [each.bounds for each in types]
    return double(min(low for low, _ in bounds), max(high for _, high in bounds))


def fitted(node: Node, wanted: ValueType) -> Node:
    """Answer a number as one of the wanted type, which can hold it."""
    if node == Literal(None):
        return node
    found = type_of(node)
    if found == wanted or (not found.exact and not wanted.exact):
        return node
    return Cast(node, wanted if wanted.exact else double(*found.bounds), at=node.at)


def guarded(node: Node) -> Node:
    """Answer a number that has at most 18 digits whatever a column may hold."""
    found = type_of(node)
    if not found.exact or isinstance(node, Cast | Sum | Product | Rounded):
        return node
    return Cast(node, found, at=node.at)


def added(fault: Fault, terms: Sequence[tuple[int, Node]], at: int) -> Node:
    """Answer the sum of signed numbers; one that begins with a sum takes it up."""
    terms = [(sign, part.value if isinstance(part, Cast) else part) for sign, part in terms]
    first = terms[0][1]
    if terms[0][0] == 1 and isinstance(first, Sum) and len(first.parts) + len(terms) <= MOST_PARTS:
        taken = zip(first.signs, (_bare(part) for part in first.parts), strict=True)
        terms = [*taken, *terms[1:]]
    wanted = common([type_of(part) for _, part in terms])
    parts = tuple(fitted(part, wanted) for _, part in terms)
    if not wanted.exact:
        wanted = double(wanted.low - _LOST, wanted.high + 1)
    return _bounded(fault, Sum(parts, tuple(sign for sign, _ in terms), wanted, at=at))


def _bare(node: Node) -> Node:
    return node.value if isinstance(node, Cast) else node


def multiplied(fault: Fault, one: Node, other: Node, at: int) -> Node:
    """Answer the product of two numbers."""
    left, right = type_of(one), type_of(other)
    if left.exact and right.exact:
        scale = left.scale + right.scale
        node = Product(one, other, exact(scale), at=at)
        if scale > MAX_DIGITS:
            raise fault("expr.too_many_decimals", node, found=scale, limit=MAX_DIGITS)
        return node
    wanted = common([left, right])
    (low, high), (lower, higher) = left.bounds, right.bounds
    both = double(low + lower, high + higher)
    return _bounded(fault, Product(fitted(one, wanted), fitted(other, wanted), both, at=at))


def divided(fault: Fault, one: Node, other: Node, at: int) -> Node:
    """Answer the quotient of two numbers, a double."""
    (low, high), (lower, higher) = type_of(one).bounds, type_of(other).bounds
    wanted = double(0, 0)
    found = double(low - higher, high - lower)
    return _bounded(fault, Quotient(fitted(one, wanted), fitted(other, wanted), found, at=at))


def _bounded(fault: Fault, node: Node) -> Node:
    found = type_of(node)
    if not found.exact and (found.low < -MAX_EXPONENT or found.high > MAX_EXPONENT):
        raise fault("expr.too_many_divisions", node)
    return node
