"""Written trees to text again: what was parsed, with parts of it replaced, as people write it."""

from decimal import Decimal
from typing import Final

from loopline.expr.literals import quoted
from loopline.expr.tree import (
    And,
    Binary,
    Call,
    Comparison,
    In,
    ListOf,
    Literal,
    Me,
    Name,
    Negative,
    Node,
    Not,
    Or,
)

_STRENGTH: Final[dict[type[Node], int]] = {Or: 1, And: 2, Not: 3, Comparison: 4, In: 4, Negative: 7}
_SUM, _PRODUCT, _SIGNED, _PRIMARY = 5, 6, 7, 8


def written(node: Node) -> str:
    """Answer the text of a tree as it was parsed; parsing it answers an equal tree.

    Raises TypeError for a tree that has been checked.
    """
    match node:
        case Or(parts) | And(parts):
            sign = " || " if isinstance(node, Or) else " && "
            return sign.join(_inside(part, _STRENGTH[type(node)] + 1) for part in parts)
        case Not(part):
            return f"!{_inside(part, _PRIMARY)}"
        case Comparison(op, left, right):
            return f"{_inside(left, _SUM)} {op} {_inside(right, _SUM)}"
        case In(item, container):
            return f"{_inside(item, _SUM)} in {_inside(container, _SUM)}"
        case Binary(sign, left, right):
            own = _strength(node)
            return f"{_inside(left, own)} {sign} {_inside(right, own + 1)}"
        case Negative(part):
            return f"-{_inside(part, _SIGNED)}"
        case _:
            return _primary(node)


def _primary(node: Node) -> str:
    match node:
        case Name(path):
            return ".".join(path)
        case Me():
            return "me"
        case Call(function, arguments):
            return f"{function}({', '.join(map(written, arguments))})"
        case ListOf(items):
            return f"[{', '.join(map(written, items))}]"
        case Literal(value):
            return _literal(value)
        case _:
            raise TypeError(f"not as written: {node!r}")


def _literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return f"{value:f}"
        case _:
            return quoted(str(value))


def _strength(node: Node) -> int:
    if isinstance(node, Binary):
        return _SUM if node.sign in "+-" else _PRODUCT
    if isinstance(node, Literal) and isinstance(node.value, Decimal) and node.value < 0:
        return _SIGNED
    return _STRENGTH.get(type(node), _PRIMARY)


def _inside(node: Node, least: int) -> str:
    text = written(node)
    return text if _strength(node) >= least else f"({text})"
