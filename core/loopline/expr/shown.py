"""How a message names a part of an expression to the person who wrote it."""

from loopline.expr.tree import (
    And,
    Call,
    Comparison,
    Field,
    In,
    Literal,
    Me,
    Name,
    Node,
    Not,
    Now,
    Or,
    Shift,
    Today,
)


def shown(node: Node) -> str:
    """Answer a short text by which the writer knows the node again: its name, value or sign."""
    match node:
        case Name(path):
            return ".".join(path)
        case Field(ref):
            return ".".join(ref.path)
        case Literal(value):
            return _literal(value)
        case Call(function):
            return f"{function}()"
        case Shift(_, days):
            return f"{days:+}"
        case Comparison(op):
            return op.value
        case _:
            return _SIGNS.get(type(node), "")


_SIGNS: dict[type[Node], str] = {
    And: "&&",
    Or: "||",
    Not: "!",
    In: "in",
    Me: "me",
    Now: "now()",
    Today: "today()",
}


def _literal(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)
