"""Checked expressions as sentences for people, in their language and with their labels."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final, Protocol

from loopline.expr.tree import (
    And,
    Apply,
    Cast,
    Choose,
    Coalesce,
    Comparison,
    Concat,
    Constant,
    Contains,
    Derived,
    EndsWith,
    Field,
    HasCode,
    InSet,
    IsBlank,
    IsTrue,
    Literal,
    LocalDay,
    Lower,
    Me,
    Member,
    Node,
    Not,
    Now,
    OnDay,
    OneOf,
    Or,
    Product,
    Quotient,
    Rounded,
    StartsWith,
    Sum,
    Text,
    Today,
    children,
)
from loopline.expr.typed import type_of
from loopline.expr.types import ExprType
from loopline.language import Messages

_TIMES: Final = frozenset({ExprType.DATE, ExprType.DATETIME})
_TESTS: Final = {Contains: "contains", StartsWith: "starts_with", EndsWith: "ends_with"}


class Names(Protocol):
    """What fields, options and records are called."""

    def field(self, path: tuple[str, ...], language: str) -> str:
        """Answer the label of a field, links before it included."""
        ...

    def option(self, path: tuple[str, ...], code: str, language: str) -> str:
        """Answer the label of a choice, the code where there is none."""
        ...

    def record(self, path: tuple[str, ...], record: int) -> str:
        """Answer the title of a record that a link may point to."""
        ...


class Prose:
    """Tells nodes in one language."""

    def __init__(self, names: Names, language: str, messages: Messages) -> None:
        self._names = names
        self._language = language
        self._messages = messages

    def say(self, key: str, **params: object) -> str:
        """Answer a text of the area ``prose``."""
        return self._messages.say(f"prose.{key}", self._language, **params)

    def tell(self, node: Node) -> str:  # noqa: C901 one case for each kind of node
        """Answer the sentence of a checked condition or the words for a checked value."""
        match node:
            case And(parts) | Or(parts):
                between = self.say("and" if isinstance(node, And) else "or")
                return between.join(self._inner(part) for part in parts)
            case Not(IsBlank(of)):
                return self.say("filled", left=self.tell(of))
            case Not(part):
                return self.say("not", part=self.tell(part))
            case Comparison(op, left, right) | OnDay(op, left, right):
                timed = type_of(left).kind in _TIMES and op.ordering
                key = f"time_{op.name.lower()}" if timed else op.name.lower()
                return self.say(key, left=self.tell(left), right=self._beside(right, left))
            case OneOf(of, choices):
                listed = self.say("comma").join(self._beside(each, of) for each in choices)
                return self.say("one_of", left=self.tell(of), right=listed)
            case HasCode(of, code):
                said = self.value(of, code)
                return self.say("has", left=self.tell(of), right=said)
            case Contains(of, part) | StartsWith(of, part) | EndsWith(of, part):
                return self.say(_TESTS[type(node)], left=self.tell(of), right=f"“{part}”")
            case IsTrue(of):
                return self.say("true", left=self.tell(of))
            case IsBlank(of):
                return self.say("blank", left=self.tell(of))
            case InSet(relation, of, whose):
                return self.say(relation, left=self.tell(of), right=self._beside(whose, of))
            case _:
                return self._words(node)

    def _inner(self, node: Node) -> str:
        return f"({self.tell(node)})" if isinstance(node, And | Or) else self.tell(node)

    def _words(self, node: Node) -> str:  # noqa: C901, PLR0912 one case for each kind of node
        match node:
            case Field(ref) | Derived(_, ref):
                return self._names.field(ref.path, self._language)
            case Member(ref):
                return self.say("my", field=self._names.field(ref.path, self._language))
            case Me():
                return self.say("me")
            case Now():
                return self.say("now")
            case Today(days):
                key = "today" if not days else "days_after" if days > 0 else "days_before"
                return self.say(key, days=abs(days))
            case Literal(value) | Constant(value):
                return self.value(node, value)
            case Text(raw):
                return f"“{raw}”"
            case Cast(of):
                return self.tell(of)
            case Sum(parts, signs):
                return self._sum(parts, signs)
            case Product(left, right):
                return f"{self.tell(left)} × {self.tell(right)}"
            case Quotient(left, right):
                return f"{self.tell(left)} ÷ {self.tell(right)}"
            case Choose(condition, one, other):
                told = {"condition": self.tell(condition), "one": self.tell(one)}
                return self.say("if", **told, other=self.tell(other))
            case _:
                return self._call(node)

    def _sum(self, parts: tuple[Node, ...], signs: tuple[int, ...]) -> str:
        told = "".join(
            f" {'+' if sign > 0 else '−'} {self.tell(part)}"
            for sign, part in zip(signs, parts, strict=True)
        )
        return f"({told.removeprefix(' + ').strip()})"

    def _call(self, node: Node) -> str:
        names = {LocalDay: "date", Lower: "lower", Coalesce: "coalesce", Concat: "concat"}
        match node:
            case Apply(function):
                name = function.name
            case Rounded(how):
                name = how
            case _:
                name = names[type(node)]
        return f"{name}({', '.join(self.tell(each) for each in children(node))})"

    def _beside(self, node: Node, other: Node) -> str:
        return self.value(other, node.value) if isinstance(node, Literal) else self.tell(node)

    def value(self, of: Node, value: object) -> str:
        """Answer a value of a field as people know it: option labels, titles, grouped digits."""
        path = of.ref.path if isinstance(of, Field | Member) else ()
        match value:
            case None:
                return self.say("nothing")
            case bool():
                return self.say("yes" if value else "no")
            case Decimal():
                return f"{value:,f}"
            case int():
                return self._names.record(path, value) if path else f"#{value}"
            case date() | datetime():
                return value.isoformat()
            case str():
                return self._names.option(path, value, self._language) if path else value
            case _:
                return str(value)
