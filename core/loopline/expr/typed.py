"""The types of checked nodes."""

from datetime import date, datetime
from decimal import Decimal

from loopline.expr.tree import (
    TESTS,
    Derived,
    Field,
    Literal,
    LocalDay,
    Me,
    Member,
    Node,
    Now,
    Text,
    Today,
    walk,
)
from loopline.expr.types import ExprType, ValueType, exact


def type_of(node: Node) -> ValueType:  # noqa: C901 one case for each kind of value
    """Answer the type of a checked value or condition. Raises TypeError for other nodes."""
    match node:
        case Field(ref) | Member(ref):
            return ValueType(ref.type, ref.scale, to=ref.to)
        case Derived(value):
            return type_of(value)
        case Literal(value):
            return _literal_type(value)
        case Today() | LocalDay():
            return ValueType(ExprType.DATE)
        case Now():
            return ValueType(ExprType.DATETIME)
        case Me():
            return ValueType(ExprType.LINK)
        case Text(_, kind):
            return ValueType(kind)
    if isinstance(node, TESTS):
        return ValueType(ExprType.BOOLEAN)
    found = getattr(node, "type", None)
    if not isinstance(found, ValueType):
        raise TypeError(f"not a checked value: {node!r}")
    return found


def _literal_type(value: object) -> ValueType:
    match value:
        case bool():
            return ValueType(ExprType.BOOLEAN)
        case Decimal():
            return exact(max(0, -int(value.as_tuple().exponent)))
        case int():
            return ValueType(ExprType.LINK)
        case datetime():
            return ValueType(ExprType.DATETIME)
        case date():
            return ValueType(ExprType.DATE)
        case _:
            return ValueType(ExprType.CODE)


def steady(node: Node) -> bool:
    """Answer whether a checked value is the same for every record."""
    return not any(isinstance(each, Field) for each in walk(node))
