"""Written values to checked ones: each with its type, its decimals, and what is put around it."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from loopline.expr.arithmetic import added, common, divided, fitted, guarded, multiplied
from loopline.expr.errors import ExpressionError, Unusable, fault
from loopline.expr.functions import FORMS, KERNEL_FUNCTIONS, Function
from loopline.expr.literals import digits, typed
from loopline.expr.scope import Scope
from loopline.expr.shown import shown
from loopline.expr.suggest import meant
from loopline.expr.tree import (
    Apply,
    Binary,
    Call,
    Choose,
    Coalesce,
    Concat,
    Derived,
    Field,
    Literal,
    LocalDay,
    Lower,
    Me,
    Member,
    Name,
    Negative,
    Node,
    Now,
    Rounded,
    Text,
    Today,
)
from loopline.expr.typed import steady, type_of
from loopline.expr.types import KIND_LABELS, MAX_DIGITS, TEXTS, ExprType, ValueType, exact

MAX_DAYS: Final = 36_500
_ORDERED: Final = (ExprType.NUMBER, ExprType.DATE, ExprType.DATETIME)
_PLAIN: Final = frozenset(ExprType) - {ExprType.SET, ExprType.OPAQUE}
_WHOLE: Final = exact(0)


class ValueChecker(ABC):
    """Checks what stands for a value; literals stay as written until it is known what they meet."""

    def __init__(self, scope: Scope, path: str) -> None:
        self.scope = scope
        self.path = path
        self._forms: dict[str, Callable[[Call], Node]] = {
            "today": lambda node: Today(at=node.at),
            "now": lambda node: Now(at=node.at),
            "date": self._date,
            "if": self._choose,
            "coalesce": self._coalesce,
            "round": self._round,
            "floor": self._to_whole,
            "ceil": self._to_whole,
            "abs": self._abs,
            "min": self._least_or_most,
            "max": self._least_or_most,
            "length": self._length,
            "lower": self._lower,
            "concat": self._concat,
        }

    @abstractmethod
    def condition(self, node: Node) -> Node:
        """Answer a checked condition."""

    def fault(self, code: str, node: Node, **params: object) -> ExpressionError:
        """Answer the error at a node."""
        return fault(self.path, code, node.at, shown(node), **params)

    def differing(self, node: Node, expected: ExprType, other: Node) -> ExpressionError:
        """Answer the error where a value is not of the kind that another is."""
        found = KIND_LABELS[type_of(node).kind]
        params = {"found": found, "expected": KIND_LABELS[expected], "other": shown(other)}
        return self.fault("expr.types_differ", node, **params)

    def value(self, node: Node) -> Node:
        """Answer a checked value, or the literal itself."""
        match node:
            case Name(("me", *_)):
                return self._member(node)
            case Name():
                return self.field(node)
            case Literal() | Me():
                return node
            case Negative(part):
                return added(self.fault, [(-1, self.number(part))], node.at)
            case Binary():
                return self._binary(node)
            case Call():
                return self._called(node)
            case _:
                raise self.fault("expr.not_a_value", node)

    def field(self, node: Node) -> Node:
        """Answer the field that a name stands for, or the value of the formula that it is."""
        if not isinstance(node, Name) or node.path[0] == "me":
            raise self.fault("expr.needs_field", node)
        try:
            ref = self.scope.resolve(node.path)
        except Unusable as error:
            raise self.fault(error.code, node, **error.params) from None
        if ref is None:
            known = self.scope.names(node.path[:-1])
            raise self.fault("expr.unknown_field", node, hint=meant(node.path[-1], known))
        if ref.formula is None:
            return Field(ref, at=node.at)
        if isinstance(ref.formula, Field):
            return replace(ref.formula, at=node.at)
        return Derived(ref.formula, replace(ref, formula=None), at=node.at)

    def _member(self, node: Name) -> Node:
        if node.path == ("me", "id"):
            return Me(at=node.at)
        ref = self.scope.member(node.path[1]) if len(node.path) == 2 else None
        if ref is None:
            hint = meant(node.path[-1], [*self.scope.names(("me",)), "id"])
            raise self.fault("expr.unknown_field", node, hint=hint)
        return Member(ref, at=node.at)

    def literal(self, kind: ExprType, node: Literal) -> Literal:
        """Answer a literal as a value of a kind."""
        value = typed(kind, node.value)
        if value is None:
            raise self.fault(f"expr.literal.{kind}", node)
        if isinstance(value, Decimal) and digits(value) > MAX_DIGITS:
            raise self.fault("expr.too_many_digits", node, limit=MAX_DIGITS)
        return Literal(value, at=node.at)

    def of_kind(self, node: Node, kind: ExprType, other: Node) -> Node:
        """Answer a value, a literal being read as one of ``kind``, which is that of ``other``."""
        if isinstance(node, Literal) and kind in TEXTS and isinstance(node.value, str):
            return Text(node.value, kind, at=node.at)
        if isinstance(node, Literal):
            return node if node.value is None else self.literal(kind, node)
        if type_of(node).kind is not kind:
            raise self.differing(node, kind, other)
        return node

    # Numbers and days

    def number(self, node: Node) -> Node:
        """Answer a value that is a number."""
        value = self.value(node)
        if isinstance(value, Literal):
            return self.literal(ExprType.NUMBER, value)
        if not type_of(value).number:
            found = KIND_LABELS[type_of(value).kind]
            raise self.fault("expr.needs_number", value, found=found)
        return value

    def _binary(self, node: Binary) -> Node:
        left = self.value(node.left)
        if node.sign in "+-" and not isinstance(left, Literal):
            kind = type_of(left).kind
            if kind in (ExprType.DATE, ExprType.DATETIME):
                return self._days(node, self.day(left))
        one, other = self.number(node.left), self.number(node.right)
        match node.sign:
            case "*":
                return multiplied(self.fault, one, other, node.at)
            case "/":
                return divided(self.fault, one, other, node.at)
            case _:
                sign = 1 if node.sign == "+" else -1
                return added(self.fault, [(1, one), (sign, other)], node.at)

    def _days(self, node: Binary, left: Node) -> Node:
        right = self.value(node.right)
        if isinstance(right, Literal) and isinstance(right.value, str):
            right = self.literal(ExprType.DATE, right)
        if type_of(right).kind in (ExprType.DATE, ExprType.DATETIME):
            if node.sign == "+":
                raise self.fault("expr.days", right)
            return self._applied(KERNEL_FUNCTIONS["days_between"], (self.day(right), left), node.at)
        days = self.number(node.right)
        if type_of(days) != _WHOLE:
            raise self.fault("expr.days", days)
        if (
            isinstance(left, Today)
            and isinstance(days, Literal)
            and isinstance(days.value, Decimal)
        ):
            moved = left.days + int(days.value) * (1 if node.sign == "+" else -1)
            if abs(moved) > MAX_DAYS:
                raise self.fault("expr.too_many_days", node, limit=MAX_DAYS)
            return Today(moved, at=left.at)
        if node.sign == "-":
            days = added(self.fault, [(-1, days)], days.at)
        return self._applied(KERNEL_FUNCTIONS["add_days"], (left, days), node.at)

    def day(self, node: Node) -> Node:
        """Answer a day: of a date-time the one on which it falls."""
        if type_of(node).kind is not ExprType.DATETIME:
            return node
        if not (isinstance(node, Field) or steady(node)):
            raise self.fault("expr.needs_field", node)
        return LocalDay(node, at=node.at)

    # Functions

    def _called(self, node: Call) -> Node:
        form = FORMS.get(node.function)
        make = self._forms.get(node.function)
        if form is not None:
            count = len(node.arguments)
            if count < form.least or (form.most is not None and count > form.most):
                raise self.fault("expr.arguments", node, usage=form.usage)
            if make is None:
                raise self.fault("expr.not_a_value", node)
            return make(node)
        function = self.scope.functions.get(node.function)
        if function is None:
            hint = meant(node.function, [*self.scope.functions, *FORMS])
            raise self.fault("expr.unknown_function", node, hint=hint)
        if len(node.arguments) != len(function.parameters):
            raise self.fault("expr.arguments", node, usage=function.usage)
        wanted = function.parameters.values()
        pairs = zip(node.arguments, wanted, strict=True)
        given = tuple(self._argument(each, want, node) for each, want in pairs)
        return self._applied(function, given, node.at)

    def _applied(self, function: Function, given: Sequence[Node], at: int) -> Node:
        return Apply(function, tuple(given), function.result, at=at)

    def _argument(self, node: Node, wanted: ValueType, call: Call) -> Node:
        value = self.value(node)
        if wanted.kind is ExprType.DATE and not isinstance(value, Literal):
            value = self.day(value)
        if wanted.kind in TEXTS and not isinstance(value, Literal):
            return self._text(value)
        value = self.of_kind(value, wanted.kind, call)
        if isinstance(value, Literal) and value.value is None:
            raise self.fault("expr.blank_value", node)
        if wanted.number:
            found = type_of(value)
            if wanted.exact and (not found.exact or found.scale > wanted.scale):
                raise self.fault("expr.needs_scale", value, limit=wanted.scale)
            return fitted(value, wanted if wanted.exact else common([found, wanted]))
        return value

    def _text(self, value: Node) -> Node:
        if isinstance(value, Literal) and isinstance(value.value, str):
            return Text(value.value, ExprType.TEXT, at=value.at)
        if isinstance(value, Literal) or type_of(value).kind not in TEXTS:
            raise self.fault("expr.needs_text_field", value)
        return value

    def _date(self, node: Call) -> Node:
        value = self.value(node.arguments[0])
        if isinstance(value, Literal):
            return self.literal(ExprType.DATE, value)
        if type_of(value).kind not in (ExprType.DATE, ExprType.DATETIME):
            raise self.differing(value, ExprType.DATETIME, node)
        return self.day(value)

    def _round(self, node: Call) -> Node:
        value, decimals = self.number(node.arguments[0]), 0
        if len(node.arguments) == 2:
            given = node.arguments[1]
            written = given.value if isinstance(given, Literal) else None
            if not isinstance(written, Decimal) or written not in range(MAX_DIGITS + 1):
                raise self.fault("expr.decimals", given, limit=MAX_DIGITS)
            decimals = int(written)
        return self._rounded("round", value, decimals, node.at)

    def _to_whole(self, node: Call) -> Node:
        return self._rounded(node.function, self.number(node.arguments[0]), 0, node.at)

    def _rounded(self, how: str, value: Node, decimals: int, at: int) -> Node:
        found = type_of(value)
        if found.exact and found.scale <= decimals:
            return value
        return Rounded(how, guarded(value), exact(decimals), at=at)

    def _abs(self, node: Call) -> Node:
        value = guarded(self.number(node.arguments[0]))
        found = type_of(value)
        function = Function("abs", {"number": found}, found, abs)
        return self._applied(function, (value,), node.at)

    def _least_or_most(self, node: Call) -> Node:
        parts, found = self._unified(node.arguments, node)
        if found.kind not in _ORDERED:
            raise self.fault("expr.order", parts[0])
        blank = next((one for one in parts if one == Literal(None)), None)
        if blank is not None:
            raise self.fault("expr.blank_value", blank)
        python: Callable[..., object] = min if node.function == "min" else max
        parameters = {f"v{at}": found for at in range(len(parts))}
        function = Function(node.function, parameters, found, python, repeats=2)
        return self._applied(function, parts, node.at)

    def _choose(self, node: Call) -> Node:
        condition = self.condition(node.arguments[0])
        (one, other), found = self._unified(node.arguments[1:], node)
        return Choose(condition, one, other, found, at=node.at)

    def _coalesce(self, node: Call) -> Node:
        parts, found = self._unified(node.arguments, node)
        return Coalesce(parts, found, at=node.at)

    def _unified(self, nodes: Sequence[Node], call: Call) -> tuple[tuple[Node, ...], ValueType]:
        """Answer values of one type: literals take the kind of what they stand beside."""
        values = [self.value(each) for each in nodes]
        typed_ones = [each for each in values if not isinstance(each, Literal)]
        natural = [_natural(each) for each in values if isinstance(each, Literal)]
        kinds = [type_of(each).kind for each in typed_ones] + [each for each in natural if each]
        if not kinds:
            raise self.fault("expr.blank_value", call)
        kind = kinds[0]
        if kind not in _PLAIN:
            raise self.fault(f"expr.compare.{kind}", typed_ones[0])
        beside = typed_ones[0] if typed_ones else call
        parts = [self.of_kind(each, kind, beside) for each in values]
        if kind is not ExprType.NUMBER:
            targets = {type_of(each).to for each in typed_ones}
            return tuple(parts), ValueType(kind, to=targets.pop() if len(targets) == 1 else "")
        found = common([type_of(each) for each in parts if each != Literal(None)])
        return tuple(fitted(each, found) for each in parts), found

    def _length(self, node: Call) -> Node:
        value = self._text(self.value(node.arguments[0]))
        function = Function("length", {"text": type_of(value)}, _WHOLE, _length)
        return self._applied(function, (value,), node.at)

    def _lower(self, node: Call) -> Node:
        value = self._text(self.value(node.arguments[0]))
        return Lower(value, type_of(value), at=node.at)

    def _concat(self, node: Call) -> Node:
        parts = [self._text(self.value(each)) for each in node.arguments]
        kinds = {type_of(each).kind for each in parts if not isinstance(each, Text)}
        kind = next((one for one in (ExprType.CODE, ExprType.LONG_TEXT) if one in kinds), None)
        found = ValueType(kind or ExprType.TEXT)
        parts = [
            replace(each, kind=found.kind, part=True) if isinstance(each, Text) else each
            for each in parts
        ]
        return Concat(tuple(parts), found, at=node.at)


def _length(text: object) -> Decimal:
    return Decimal(len(str(text)))


def _natural(node: Literal) -> ExprType | None:
    """Answer the kind of a literal that meets no other value."""
    match node.value:
        case bool():
            return ExprType.BOOLEAN
        case str():
            return ExprType.TEXT
        case Decimal():
            return ExprType.NUMBER
        case date():
            return ExprType.DATE
        case _:
            return None
