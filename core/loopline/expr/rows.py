"""Conditions as rows of a form: groups of (field, operator, value), to text and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loopline.expr.errors import ExpressionError
from loopline.expr.literals import quoted
from loopline.expr.parse import parse
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
    Node,
    Not,
    Op,
    Or,
)

Value = str | Decimal | bool


@dataclass(frozen=True, slots=True)
class Meaning:
    """A value that depends on who asks and when: ``me``, or ``today`` moved by ``days``."""

    word: str
    days: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One condition. ``values`` are none for blank and filled, several for in and not_in.

    Operators: eq ne lt le gt ge, in not_in, has not_has (a field of several), blank filled,
    contains starts_with ends_with and each of these three with not_ before it.
    """

    path: tuple[str, ...]
    operator: str
    values: tuple[Value | Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Rows and groups of which all hold, or, with ``any``, at least one."""

    parts: "tuple[Row | Group, ...]"
    any: bool = False


_SIGNS: Final[Mapping[str, Op]] = {op.name.lower(): op for op in Op}
_NAMES: Final[Mapping[Op, str]] = {op: name for name, op in _SIGNS.items()}
_TESTS: Final = ("contains", "starts_with", "ends_with")
_OPPOSITE: Final[Mapping[str, str]] = {
    "in": "not_in",
    "has": "not_has",
    "blank": "filled",
    **{name: f"not_{name}" for name in _TESTS},
}


def rows_to_text(group: Group) -> str:
    """Answer the expression of a group that holds at least one row."""
    between = " || " if group.any else " && "
    return between.join(_part(each) for each in group.parts)


def text_to_rows(text: str) -> Group | None:
    """Answer the rows that an expression is made of, None where it has another shape."""
    try:
        node = parse(text)
    except ExpressionError:
        return None
    found = _read(node)
    return Group((found,)) if isinstance(found, Row) else found


def _part(part: Row | Group) -> str:
    return f"({rows_to_text(part)})" if isinstance(part, Group) else _row(part)


def _row(row: Row) -> str:
    name, values = ".".join(row.path), [_value(each) for each in row.values]
    plain = next((one for one, other in _OPPOSITE.items() if other == row.operator), "")
    if plain:
        return f"!({_plain(name, plain, values)})"
    return _plain(name, row.operator, values)


def _plain(name: str, operator: str, values: list[str]) -> str:
    match operator:
        case "in":
            return f"{name} in [{', '.join(values)}]"
        case "has":
            return f"{values[0]} in {name}"
        case "blank":
            return f"is_blank({name})"
        case "contains" | "starts_with" | "ends_with":
            return f"{operator}({name}, {values[0]})"
        case _:
            return f"{name} {_SIGNS[operator]} {values[0]}"


def _value(value: Value | Meaning) -> str:
    match value:
        case Meaning("me"):
            return "me"
        case Meaning(_, days):
            return f"today() {'-' if days < 0 else '+'} {abs(days)}" if days else "today()"
        case bool():
            return "true" if value else "false"
        case str():
            return quoted(value)
        case _:
            return f"{value:f}"


def _read(node: Node) -> Row | Group | None:
    match node:
        case And(parts) | Or(parts):
            found = [_read(part) for part in parts]
            whole = [each for each in found if each is not None]
            return Group(tuple(whole), isinstance(node, Or)) if len(whole) == len(found) else None
        case Not(part):
            row = _read_row(part)
            turned = _OPPOSITE.get(row.operator) if row else None
            return Row(row.path, turned, row.values) if row and turned else None
        case _:
            return _read_row(node)


def _read_row(node: Node) -> Row | None:
    match node:
        case Comparison(op, Name(path), right):
            return _made(path, _NAMES[op], (right,))
        case In(Name(path), ListOf(items)):
            return _made(path, "in", items)
        case In(Literal(str()) as item, Name(path)):
            return _made(path, "has", (item,))
        case Call("is_blank", (Name(path),)):
            return Row(path, "blank")
        case Call(function, (Name(path), Literal(str()) as part)) if function in _TESTS:
            return _made(path, function, (part,))
        case _:
            return None


def _made(path: tuple[str, ...], operator: str, nodes: tuple[Node, ...]) -> Row | None:
    values = [_meant(node) for node in nodes]
    known = tuple(each for each in values if each is not None)
    return Row(path, operator, known) if len(known) == len(values) else None


def _meant(node: Node) -> Value | Meaning | None:
    match node:
        case Literal(bool() | str() | Decimal() as value):
            return value
        case Me():
            return Meaning("me")
        case Call("today", ()):
            return Meaning("today")
        case Binary("+" | "-" as sign, Call("today", ()), Literal(Decimal() as days)):
            whole = days == days.to_integral_value()
            return Meaning("today", int(days) * (1 if sign == "+" else -1)) if whole else None
        case _:
            return None
