"""How a message names a part of an expression to the person who wrote it."""

from loopline.expr.tree import (
    And,
    Apply,
    Binary,
    Call,
    Choose,
    Coalesce,
    Comparison,
    Concat,
    Derived,
    Field,
    In,
    Literal,
    LocalDay,
    Lower,
    Me,
    Member,
    Name,
    Negative,
    Node,
    Not,
    Now,
    Or,
    Product,
    Quotient,
    Sum,
    Text,
    Today,
)


def shown(node: Node) -> str:  # noqa: C901 one case for each kind of node
    """Answer a short text by which the writer knows the node again: its name, value or sign."""
    match node:
        case Name(path):
            return ".".join(path)
        case Field(ref) | Derived(_, ref):
            return ".".join(ref.path)
        case Member(ref):
            return f"me.{ref.path[-1]}"
        case Text(raw):
            return _literal(raw)
        case Literal(value):
            return _literal(value)
        case Call(function):
            return f"{function}()"
        case Binary(sign):
            return sign
        case Apply(function):
            return f"{function.name}()"
        case Comparison(op):
            return op.value
        case _:
            return _SIGNS.get(type(node), "")


_SIGNS: dict[type[Node], str] = {
    And: "&&",
    Or: "||",
    Not: "!",
    In: "in",
    Negative: "-",
    Sum: "+",
    Product: "*",
    Quotient: "/",
    Choose: "if()",
    Coalesce: "coalesce()",
    Concat: "concat()",
    LocalDay: "date()",
    Lower: "lower()",
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
