"""Formula text to tree, by recursive descent.

or         = and ("||" and)*
and        = not ("&&" not)*
not        = "!" not | comparison
comparison = sum (("==" | "!=" | "<" | "<=" | ">" | ">=") sum | "in" (list | sum))?
sum        = product (("+" | "-") product)*
product    = signed (("*" | "/") signed)*
signed     = "-" signed | primary
primary    = number | text | true | false | null | me ("." name)?
           | name ("." name)* | name "(" (or ("," or)*)? ")" | "(" or ")"
list       = "[" (sum ("," sum)*)? "]"
"""

from collections.abc import Callable
from decimal import Decimal
from itertools import islice
from typing import Final

from loopline.expr.errors import ExpressionError, fault
from loopline.expr.tokens import RESERVED, Kind, Token, tokens
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
    Op,
    Or,
    walk,
)

MAX_NODES: Final = 200
MAX_DEPTH: Final = 30
MAX_HOPS: Final = 3
_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}
_COMPARISONS: Final = frozenset(Op)


def parse(text: str, path: str = "expression") -> Node:
    """Answer the tree of a formula, unchecked.

    Raises ExpressionError with one problem at ``path`` that names the position.
    """
    parser = _Parser(text, path)
    node = parser.whole()
    if surplus := next(islice(walk(node), MAX_NODES, None), None):
        raise fault(path, "expr.too_many_parts", surplus.at, limit=MAX_NODES)
    return node


class _Parser:
    """A place in a row of tokens. Each method reads what it is named after."""

    def __init__(self, text: str, path: str) -> None:
        self._path = path
        self._tokens = tuple(tokens(text, path))
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        if self._ended():
            raise self._fault("expr.empty")
        node = self._or()
        if not self._ended():
            raise self._unexpected()
        return node

    def _ended(self) -> bool:
        return self._here.kind is Kind.END

    @property
    def _here(self) -> Token:
        return self._tokens[self._next]

    def _take(self) -> Token:
        token = self._here
        self._next += token.kind is not Kind.END
        return token

    def _sees(self, *words: str) -> bool:
        return self._here.kind in (Kind.SIGN, Kind.NAME) and self._here.text in words

    def _expect(self, sign: str) -> None:
        if not self._sees(sign):
            raise self._unexpected(sign)
        self._take()

    def _fault(self, code: str, token: Token | None = None, **params: object) -> ExpressionError:
        token = token or self._here
        return fault(self._path, code, token.at, token.text, **params)

    def _unexpected(self, wanted: str = "") -> ExpressionError:
        if self._ended():
            code = "expr.unclosed" if wanted else "expr.incomplete"
            return self._fault(code, wanted=wanted)
        return self._fault("expr.unexpected")

    def _nested(self, read: Callable[[], Node]) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._fault("expr.too_deep", limit=MAX_DEPTH)
        node = read()
        self._depth -= 1
        return node

    def _or(self) -> Node:
        parts = self._series("||", self._and)
        return parts[0] if len(parts) == 1 else Or(parts, at=parts[0].at)

    def _and(self) -> Node:
        parts = self._series("&&", self._not)
        return parts[0] if len(parts) == 1 else And(parts, at=parts[0].at)

    def _series(self, separator: str, read: Callable[[], Node]) -> tuple[Node, ...]:
        parts = [read()]
        while self._sees(separator):
            self._take()
            parts.append(read())
        return tuple(parts)

    def _not(self) -> Node:
        if not self._sees("!"):
            return self._comparison()
        at = self._take().at
        if self._sees("!"):
            return Not(self._nested(self._not), at=at)
        part = self._nested(self._primary)
        if self._sees(*_COMPARISONS, "in", "+", "-", "*", "/"):
            # Languages differ in what !a == b means, so the writer has to say.
            raise self._fault("expr.not_needs_parentheses")
        return Not(part, at=at)

    def _comparison(self) -> Node:
        left = self._sum()
        if self._sees(*_COMPARISONS):
            token = self._take()
            return Comparison(Op(token.text), left, self._sum(), at=token.at)
        if self._sees("in"):
            at = self._take().at
            return In(left, self._list() if self._sees("[") else self._sum(), at=at)
        return left

    def _sum(self) -> Node:
        node = self._product()
        while self._sees("+", "-"):
            sign = self._take()
            node = Binary(sign.text, node, self._product(), at=sign.at)
        return node

    def _product(self) -> Node:
        node = self._signed()
        while self._sees("*", "/"):
            sign = self._take()
            node = Binary(sign.text, node, self._signed(), at=sign.at)
        return node

    def _signed(self) -> Node:
        if not self._sees("-"):
            return self._primary()
        at = self._take().at
        if self._here.kind is Kind.NUMBER:
            return Literal(-Decimal(self._take().text), at=at)
        return Negative(self._nested(self._signed), at=at)

    def _list(self) -> Node:
        at = self._take().at
        items = () if self._sees("]") else self._series(",", self._sum)
        self._expect("]")
        return ListOf(items, at=at)

    def _primary(self) -> Node:
        token = self._here
        if self._sees("("):
            self._take()
            node = self._nested(self._or)
            self._expect(")")
            return node
        if token.kind is Kind.NUMBER:
            return Literal(Decimal(self._take().text), at=token.at)
        if token.kind is Kind.TEXT:
            return Literal(self._take().value, at=token.at)
        if token.kind is Kind.NAME:
            return self._word()
        raise self._unexpected()

    def _word(self) -> Node:
        token = self._take()
        if token.text in _CONSTANTS:
            return Literal(_CONSTANTS[token.text], at=token.at)
        if token.text == "me":
            return self._name(token) if self._sees(".") else Me(at=token.at)
        if token.text in RESERVED:
            raise self._fault("expr.unexpected", token)
        return self._call(token) if self._sees("(") else self._name(token)

    def _call(self, name: Token) -> Node:
        self._take()
        arguments: tuple[Node, ...] = ()
        if not self._sees(")"):
            arguments = self._series(",", lambda: self._nested(self._or))
        self._expect(")")
        return Call(name.text, arguments, at=name.at)

    def _name(self, first: Token) -> Node:
        path = [first.text]
        while self._sees("."):
            dot = self._take()
            if self._here.kind is not Kind.NAME or self._here.text in RESERVED:
                raise self._unexpected()
            path.append(self._take().text)
            if len(path) > MAX_HOPS + 1:
                raise self._fault("expr.too_many_hops", dot, limit=MAX_HOPS)
        return Name(tuple(path), at=first.at)
