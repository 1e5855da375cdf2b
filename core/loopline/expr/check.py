"""Written expressions to checked ones: every name a field, every value of the type it meets."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from loopline.expr.arithmetic import common, fitted
from loopline.expr.cost import refuse_excess
from loopline.expr.errors import ExpressionError
from loopline.expr.fold import ascii_lower, fold
from loopline.expr.functions import FORMS
from loopline.expr.literals import as_date
from loopline.expr.reading import references
from loopline.expr.scope import Scope
from loopline.expr.suggest import meant
from loopline.expr.tree import (
    And,
    Call,
    Comparison,
    Constant,
    Contains,
    EndsWith,
    Field,
    HasCode,
    In,
    InSet,
    IsBlank,
    IsTrue,
    ListOf,
    Literal,
    Me,
    Node,
    Not,
    OnDay,
    OneOf,
    Op,
    Or,
    StartsWith,
)
from loopline.expr.typed import steady, type_of
from loopline.expr.types import KIND_LABELS, TEXTS, ExprType
from loopline.expr.values import ValueChecker

if TYPE_CHECKING:
    from loopline.errors import Problem

__all__ = ["check", "check_value", "references"]

_TESTED_ONLY: Final = frozenset({ExprType.LONG_TEXT, ExprType.SET, ExprType.OPAQUE})
_UNORDERED: Final = frozenset({ExprType.BOOLEAN, ExprType.LINK})
_TESTS: Final = frozenset(
    {
        *("is_blank", "contains", "starts_with", "ends_with"),
        *("in_reports", "in_tree", "in_members", "in_range"),
    }
)
_TIMES: Final = frozenset({ExprType.DATE, ExprType.DATETIME})
_PARTS: Final[dict[str, Callable[..., Node]]] = {
    "contains": Contains,
    "starts_with": StartsWith,
    "ends_with": EndsWith,
}


def check(node: Node, scope: Scope, path: str = "expression") -> Node:
    """Answer a parsed condition with its fields found and its values typed.

    Raises ExpressionError with one problem at ``path`` for each part of ``&&`` and ``||`` that is
    wrong: an unknown field or function, types that do not meet, a value that cannot be read.
    """
    return refuse_excess(_Checker(scope, path).condition(node), path)


def check_value(node: Node, scope: Scope, path: str = "expression") -> Node:
    """Answer a parsed formula checked: a value of any kind, or a condition.

    Raises ExpressionError as :func:`check` does.
    """
    return refuse_excess(_Checker(scope, path).formula(node), path)


class _Checker(ValueChecker):
    """Checks conditions; what stands in them for a value is for :class:`ValueChecker`."""

    def formula(self, node: Node) -> Node:
        """Answer a checked value or condition, whichever it is."""
        tested = isinstance(node, Call) and node.function in _TESTS
        if tested or isinstance(node, And | Or | Not | Comparison | In):
            return self.condition(node)
        value = self.value(node)
        if isinstance(value, Literal):
            return self._unified((node,), Call("formula", (), at=node.at))[0][0]
        return value

    def condition(self, node: Node) -> Node:  # noqa: C901 one case for each kind of node
        """Answer a checked condition."""
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
            case Literal(bool() as value):
                return Constant(value, at=node.at)
            case Call(function) if function in _TESTS:
                return self._test(node)
            case Literal():
                raise self.fault("expr.not_a_condition", node)
            case _:
                return self._flag(node)

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

    def _flag(self, node: Node) -> Node:
        try:
            value = self.value(node)
        except ExpressionError as error:
            raise self._for_condition(node, error) from None
        if type_of(value).kind is not ExprType.BOOLEAN:
            raise self.fault("expr.not_a_condition", node)
        return IsTrue(value, at=node.at)

    def _for_condition(self, node: Node, error: ExpressionError) -> ExpressionError:
        """Answer the error; for a misspelt function, with the names of the tests too."""
        if isinstance(node, Call) and error.problems[0].code == "expr.unknown_function":
            known = [*self.scope.functions, *FORMS]
            hint = meant(node.function, known)
            return self.fault("expr.unknown_function", node, hint=hint)
        return error

    # Comparisons

    def _comparison(self, node: Comparison) -> Node:
        op, left, right = node.op, self.value(node.left), self.value(node.right)
        if isinstance(left, Literal) or (steady(left) and not steady(right)):
            op, left, right = op.mirrored, right, left
        if isinstance(left, Literal):
            raise self.fault("expr.no_field", node)
        kind = type_of(left).kind
        if isinstance(right, Literal) and _is_blank(kind, right.value):
            return self._blank(op, left, right)
        if kind in _TESTED_ONLY:
            raise self.fault(f"expr.compare.{kind}", left)
        if kind in _UNORDERED and op.ordering:
            raise self.fault("expr.order", left)
        return self._meeting(op, left, right, node.at)

    def _blank(self, op: Op, left: Node, right: Node) -> Node:
        if steady(left):
            raise self.fault("expr.no_field", left)
        if op.ordering:
            raise self.fault("expr.blank_order", right)
        test = IsBlank(left, at=left.at)
        return test if op is Op.EQ else Not(test, at=left.at)

    def _meeting(self, op: Op, left: Node, right: Node, at: int) -> Node:
        kind = type_of(left).kind
        if isinstance(right, Literal):
            day = as_date(right.value) if kind is ExprType.DATETIME else None
            if day is not None:
                return OnDay(op, left, Literal(day, at=right.at), at=at)
            right = self.literal(kind, right)
            if right.value is True:
                test = IsTrue(left, at=left.at)
                return test if op is Op.EQ else Not(test, at=left.at)
        elif kind is ExprType.DATETIME and type_of(right).kind is ExprType.DATE and steady(right):
            return OnDay(op, left, right, at=at)
        elif type_of(right).kind is not kind:
            raise self.differing(right, kind, left)
        left, right = self._alike(left, right)
        return Comparison(op, left, right, at=at)

    def _alike(self, left: Node, right: Node) -> tuple[Node, Node]:
        """Answer both sides, as doubles if one of them is."""
        one, other = type_of(left), type_of(right)
        if one.to and other.to and one.to != other.to:
            raise self.fault("expr.links_differ", right, found=other.to, expected=one.to)
        if one.number and not (one.exact and other.exact):
            both = common([one, other])
            return fitted(left, both), fitted(right, both)
        return left, right

    # Membership

    def _one_of(self, item: Node, items: tuple[Node, ...], at: int) -> Node:
        value = self._tested(item)
        found = type_of(value)
        kind = found.kind
        if kind in _TESTED_ONLY:
            raise self.fault(f"expr.compare.{kind}", value)
        if kind is ExprType.BOOLEAN:
            raise self.fault("expr.boolean_list", value)
        if found.number and not found.exact:
            raise self.fault("expr.double_list", value)
        return OneOf(value, tuple(self._choice(kind, each) for each in items), at=at)

    def _tested(self, node: Node) -> Node:
        value = self.value(node)
        if isinstance(value, Literal) or steady(value):
            raise self.fault("expr.needs_field", node)
        return value

    def _choice(self, kind: ExprType, item: Node) -> Node:
        choice = self.value(item)
        if not steady(choice):
            raise self.fault("expr.needs_constant", item)
        if isinstance(choice, Literal):
            if _is_blank(kind, choice.value):
                raise self.fault("expr.blank_in_list", choice)
            return self.literal(kind, choice)
        if type_of(choice).kind is not kind:
            found = KIND_LABELS[type_of(choice).kind]
            params = {"found": found, "expected": KIND_LABELS[kind]}
            raise self.fault("expr.types_differ_in_list", choice, **params)
        if not type_of(choice).exact:
            raise self.fault("expr.double_list", choice)
        return choice

    def _has_code(self, item: Node, container: Node, at: int) -> Node:
        field = self.field(container)
        if not isinstance(field, Field) or field.ref.type is not ExprType.SET:
            raise self.fault("expr.needs_list", field)
        if not isinstance(item, Literal) or not isinstance(item.value, str):
            raise self.fault("expr.needs_code", item)
        if not item.value or "," in item.value:
            raise self.fault("expr.needs_code", item)
        return HasCode(field, item.value, at=at)

    # Functions

    def _test(self, node: Call) -> Node:
        form = FORMS[node.function]
        if len(node.arguments) != form.least:
            raise self.fault("expr.arguments", node, usage=form.usage)
        value = self._tested(node.arguments[0])
        if node.function == "is_blank":
            return IsBlank(value, at=node.at)
        if node.function == "in_range":
            return self._in_range(node, value)
        if node.function in _PARTS:
            return self._text_test(_PARTS[node.function], value, node)
        return self._in_set(node, value)

    def _text_test(self, test: Callable[..., Node], value: Node, node: Call) -> Node:
        kind, part = type_of(value).kind, node.arguments[1]
        if kind not in TEXTS or (kind is ExprType.LONG_TEXT and test is not Contains):
            raise self.fault("expr.needs_text_field", value)
        if not isinstance(part, Literal) or not isinstance(part.value, str):
            raise self.fault("expr.needs_text", part)
        wanted = _comparable(kind, part.value)
        if not wanted:
            raise self.fault("expr.empty_part", part)
        return test(value, wanted, at=node.at)

    def _in_range(self, node: Call, value: Node) -> Node:
        """Answer what a range stands for: from its first day on, before the day after its last."""
        if type_of(value).kind not in _TIMES:
            raise self.differing(value, ExprType.DATE, node)
        tested, *bounds = node.arguments
        pairs = zip((Op.GE, Op.LT), bounds, strict=True)
        found = [
            self._comparison(Comparison(op, tested, bound, at=bound.at))
            for op, bound in pairs
            if bound != Literal(None)
        ]
        if not found:
            raise self.fault("expr.arguments", node, usage=FORMS[node.function].usage)
        return found[0] if len(found) == 1 else And(tuple(found), at=node.at)

    def _in_set(self, node: Call, value: Node) -> Node:
        form, of = FORMS[node.function], self.value(node.arguments[1])
        link = type_of(value)
        if not isinstance(value, Field) or link.kind is not ExprType.LINK:
            expected = KIND_LABELS[ExprType.LINK]
            raise self.fault("expr.needs_link", value, expected=expected, usage=form.usage)
        by_user = node.function != "in_tree"
        if not by_user and isinstance(of, Literal):
            of = self.literal(ExprType.LINK, of)
            return InSet(node.function.removeprefix("in_"), value, of, link.to, at=node.at)
        fits = isinstance(of, Me) if by_user else not isinstance(of, Literal | Me) and steady(of)
        if not fits or type_of(of).kind is not ExprType.LINK:
            raise self.fault("expr.arguments", node, usage=form.usage)
        if not by_user:
            self._alike(value, of)
        return InSet(node.function.removeprefix("in_"), value, of, link.to, at=node.at)


def _is_blank(kind: ExprType, raw: object) -> bool:
    return raw is None or (isinstance(raw, str) and not _comparable(kind, raw))


def _comparable(kind: ExprType, text: str) -> str:
    """Answer a text as values of type ``kind`` are compared."""
    match kind:
        case ExprType.TEXT:
            return fold(text)
        case ExprType.LONG_TEXT:
            return ascii_lower(text)
        case _:
            return text
