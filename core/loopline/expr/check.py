"""Written expressions to checked ones: every name a field, every value of the type it meets."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from loopline.expr.errors import ExpressionError, fault
from loopline.expr.fold import ascii_lower, fold
from loopline.expr.literals import MAX_DIGITS, as_date, digits, typed
from loopline.expr.scope import Scope
from loopline.expr.shown import shown
from loopline.expr.tree import (
    And,
    Call,
    Comparison,
    Constant,
    Contains,
    Field,
    HasCode,
    In,
    IsBlank,
    IsTrue,
    ListOf,
    Literal,
    Me,
    Name,
    Node,
    Not,
    Now,
    OnDay,
    OneOf,
    Op,
    Or,
    Shift,
    StartsWith,
    Today,
    references,
)
from loopline.expr.types import ExprType

if TYPE_CHECKING:
    from loopline.errors import Problem

__all__ = ["check", "references"]

MAX_DAYS: Final = 36_500
_TESTED_ONLY: Final = frozenset({ExprType.LONG_TEXT, ExprType.SET, ExprType.OPAQUE})
_UNORDERED: Final = frozenset({ExprType.BOOLEAN, ExprType.LINK})
_TEXTS: Final = frozenset({ExprType.TEXT, ExprType.CODE})


def check(node: Node, scope: Scope, path: str = "expression") -> Node:
    """Answer a parsed condition with its fields found and its values typed.

    Raises ExpressionError with one problem at ``path`` for each part of ``&&`` and ``||`` that is
    wrong: an unknown field or function, types that do not meet, a value that cannot be read.
    """
    return _Checker(scope, path).condition(node)


class _Checker:
    def __init__(self, scope: Scope, path: str) -> None:
        self._scope = scope
        self._path = path

    def condition(self, node: Node) -> Node:  # noqa: C901 one case for each kind of node
        match node:
            case And(parts):
                return And(self._all(parts), at=node.at)
            case Or(parts):
                return Or(self._all(parts), at=node.at)
            case Not(part):
                return Not(self.condition(part), at=node.at)
            case Comparison():
                return self._comparison(node)
            case In(item, ListOf(items)):
                return self._one_of(item, items, node.at)
            case In(item, container):
                return self._has_code(item, container, node.at)
            case Call():
                return self._call(node)
            case Literal(bool() as value):
                return Constant(value, at=node.at)
            case Name():
                return self._flag(node)
            case _:
                raise self._fault("expr.not_a_condition", node)

    def _all(self, parts: tuple[Node, ...]) -> tuple[Node, ...]:
        checked: list[Node] = []
        problems: list[Problem] = []
        for part in parts:
            try:
                checked.append(self.condition(part))
            except ExpressionError as error:
                problems.extend(error.problems)
        if problems:
            raise ExpressionError(*problems)
        return tuple(checked)

    def _fault(self, code: str, node: Node, **params: object) -> ExpressionError:
        return fault(self._path, code, node.at, shown(node), **params)

    # Values

    def _operand(self, node: Node) -> Node:
        match node:
            case Name():
                return self._field(node)
            case Call("today", ()):
                return Today(at=node.at)
            case Call("now", ()):
                return Now(at=node.at)
            case Call("today" | "now"):
                raise self._fault("expr.arguments", node, usage=f"{node.function}()")
            case Shift():
                return self._shifted(node)
            case Literal() | Me():
                return node
            case Call(function) if function not in _TESTS:
                raise self._fault("expr.unknown_function", node)
            case _:
                raise self._fault("expr.not_a_value", node)

    def _field(self, node: Node) -> Field:
        if not isinstance(node, Name):
            raise self._fault("expr.needs_field", node)
        ref = self._scope.resolve(node.path)
        if ref is None:
            raise self._fault("expr.unknown_field", node)
        return Field(ref, at=node.at)

    def _shifted(self, node: Shift) -> Node:
        base = self._operand(node.base)
        if not isinstance(base, Today):
            raise self._fault("expr.shift", node)
        days = base.days + node.days
        if abs(days) > MAX_DAYS:
            raise self._fault("expr.too_many_days", node, limit=MAX_DAYS)
        return Today(days, at=base.at)

    def _typed(self, kind: ExprType, literal: Literal) -> Literal:
        value = typed(kind, literal.value)
        if value is None:
            raise self._fault(f"expr.literal.{kind}", literal)
        if isinstance(value, Decimal) and digits(value) > MAX_DIGITS:
            raise self._fault("expr.too_many_digits", literal, limit=MAX_DIGITS)
        return Literal(value, at=literal.at)

    # Comparisons

    def _comparison(self, node: Comparison) -> Node:
        op, left, right = node.op, self._operand(node.left), self._operand(node.right)
        if isinstance(left, Literal) or (isinstance(right, Field) and not isinstance(left, Field)):
            op, left, right = op.mirrored, right, left
        if isinstance(left, Literal):
            raise self._fault("expr.no_field", node)
        kind = _type(left)
        if isinstance(right, Literal) and _is_blank(kind, right.value):
            return self._blank(op, left, right)
        if kind in _TESTED_ONLY:
            raise self._fault(f"expr.compare.{kind}", left)
        if kind in _UNORDERED and op.ordering:
            raise self._fault("expr.order", left)
        return self._meeting(op, left, right, node.at)

    def _blank(self, op: Op, left: Node, right: Node) -> Node:
        if not isinstance(left, Field):
            raise self._fault("expr.no_field", left)
        if op.ordering:
            raise self._fault("expr.blank_order", right)
        test = IsBlank(left, at=left.at)
        return test if op is Op.EQ else Not(test, at=left.at)

    def _meeting(self, op: Op, left: Node, right: Node, at: int) -> Node:
        kind = _type(left)
        if isinstance(right, Literal):
            day = as_date(right.value) if kind is ExprType.DATETIME else None
            if day is not None:
                return OnDay(op, left, Literal(day, at=right.at), at=at)
            right = self._typed(kind, right)
            if isinstance(left, Field) and right.value is True:
                test = IsTrue(left, at=left.at)
                return test if op is Op.EQ else Not(test, at=left.at)
        elif kind is ExprType.DATETIME and isinstance(right, Today):
            return OnDay(op, left, right, at=at)
        elif _type(right) is not kind:
            raise self._fault("expr.types_differ", right, other=shown(left))
        return Comparison(op, left, right, at=at)

    # Membership

    def _one_of(self, item: Node, items: tuple[Node, ...], at: int) -> Node:
        field = self._field(item)
        kind = field.ref.type
        if kind in _TESTED_ONLY:
            raise self._fault(f"expr.compare.{kind}", field)
        if kind is ExprType.BOOLEAN:
            raise self._fault("expr.boolean_list", field)
        return OneOf(field, tuple(self._choice(kind, each) for each in items), at=at)

    def _choice(self, kind: ExprType, item: Node) -> Node:
        choice = self._operand(item)
        if isinstance(choice, Field):
            raise self._fault("expr.needs_constant", item)
        if isinstance(choice, Literal):
            if _is_blank(kind, choice.value):
                raise self._fault("expr.blank_in_list", choice)
            return self._typed(kind, choice)
        if _type(choice) is not kind:
            raise self._fault("expr.types_differ_in_list", choice)
        return choice

    def _has_code(self, item: Node, container: Node, at: int) -> Node:
        field = self._field(container)
        if field.ref.type is not ExprType.SET:
            raise self._fault("expr.needs_list", field)
        if not isinstance(item, Literal) or not isinstance(item.value, str):
            raise self._fault("expr.needs_code", item)
        if not item.value or "," in item.value:
            raise self._fault("expr.needs_code", item)
        return HasCode(field, item.value, at=at)

    # Functions

    def _call(self, node: Call) -> Node:
        if node.function in ("today", "now"):
            raise self._fault("expr.not_a_condition", node)
        usage = _TESTS.get(node.function)
        if usage is None:
            raise self._fault("expr.unknown_function", node)
        if len(node.arguments) != usage.count(",") + 1:
            raise self._fault("expr.arguments", node, usage=usage)
        field = self._field(node.arguments[0])
        if node.function == "is_blank":
            return IsBlank(field, at=node.at)
        test = Contains if node.function == "contains" else StartsWith
        return self._text_test(test, field, node.arguments[1], node.at)

    def _text_test(self, test: Callable[..., Node], field: Field, part: Node, at: int) -> Node:
        kind = field.ref.type
        if kind not in _TEXTS and not (kind is ExprType.LONG_TEXT and test is Contains):
            raise self._fault("expr.needs_text_field", field)
        if not isinstance(part, Literal) or not isinstance(part.value, str):
            raise self._fault("expr.needs_text", part)
        wanted = _comparable(kind, part.value)
        if not wanted:
            raise self._fault("expr.empty_part", part)
        return test(field, wanted, at=at)

    def _flag(self, node: Node) -> Node:
        field = self._field(node)
        if field.ref.type is not ExprType.BOOLEAN:
            raise self._fault("expr.not_a_condition", node)
        return IsTrue(field, at=node.at)


_TESTS: Final = {
    "is_blank": "is_blank(field)",
    "contains": 'contains(field, "part")',
    "starts_with": 'starts_with(field, "part")',
}


def _type(operand: Node) -> ExprType:
    match operand:
        case Field(ref):
            return ref.type
        case Today():
            return ExprType.DATE
        case Now():
            return ExprType.DATETIME
        case Me():
            return ExprType.LINK
        case _:
            raise TypeError(f"an operand without type: {operand!r}")


def _is_blank(kind: ExprType, raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not _comparable(kind, raw))


def _comparable(kind: ExprType, text: str) -> str:
    """Answer a text as fields of type ``kind`` are compared."""
    match kind:
        case ExprType.TEXT:
            return fold(text)
        case ExprType.LONG_TEXT:
            return ascii_lower(text)
        case _:
            return text
