"""The nodes of an expression.

Parsing gives names, calls and literals as written; checking turns them into fields, tests and
values of one type. Back ends (Python, SQL and others to come) know only the checked nodes. Each
node knows where it stands in the text (``at``, from 0), which plays no part in equality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum

from loopline.expr.scope import Ref


class Op(StrEnum):
    """A comparison."""

    EQ = "=="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="

    @property
    def ordering(self) -> bool:
        """Answer whether it asks for an order, not only for sameness."""
        return self not in (Op.EQ, Op.NE)

    @property
    def mirrored(self) -> "Op":
        """Answer the comparison that says the same with the sides swapped."""
        return _MIRRORED.get(self, self)

    @property
    def inverse(self) -> "Op":
        """Answer the comparison that holds, blanks aside, exactly when this one does not."""
        return _INVERSE[self]


_MIRRORED = {Op.LT: Op.GT, Op.GT: Op.LT, Op.LE: Op.GE, Op.GE: Op.LE}
_INVERSE = {
    Op.EQ: Op.NE,
    Op.NE: Op.EQ,
    Op.LT: Op.GE,
    Op.GE: Op.LT,
    Op.GT: Op.LE,
    Op.LE: Op.GT,
}


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    at: int = field(default=0, compare=False, kw_only=True)


# Both as written and checked.


@dataclass(frozen=True, slots=True)
class And(Node):
    """All parts hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """At least one part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The part does not hold."""

    part: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """Two values compared. Once checked: of one type, neither blank, a field (if any) left."""

    op: Op
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A value. As written: str, Decimal, bool or None; checked: of the type it is compared with.

    Checked texts are folded, date-times in UTC, links ints.
    """

    value: object


@dataclass(frozen=True, slots=True)
class Me(Node):
    """The current user."""


# As written.


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A field by its path."""

    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function applied."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Shift(Node):
    """A value plus (or, negative, minus) whole days."""

    base: Node
    days: int


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """Values to choose from, on the right of ``in``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class In(Node):
    """A value among those of a list or of a field that holds several."""

    item: Node
    container: Node


# Checked.


@dataclass(frozen=True, slots=True)
class Field(Node):
    """A field that exists."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Today(Node):
    """The current day, moved by ``days``."""

    days: int = 0


@dataclass(frozen=True, slots=True)
class Now(Node):
    """The current moment."""


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """Always or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class IsTrue(Node):
    """A boolean field is true, neither false nor blank."""

    field: Field


@dataclass(frozen=True, slots=True)
class IsBlank(Node):
    """A field has no value."""

    field: Field


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """A text field holds ``part`` anywhere."""

    field: Field
    part: str


@dataclass(frozen=True, slots=True)
class StartsWith(Node):
    """A text field begins with ``part``."""

    field: Field
    part: str


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A field equals one of the values; blank never does."""

    field: Field
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class HasCode(Node):
    """A field of several codes holds ``code``."""

    field: Field
    code: str


@dataclass(frozen=True, slots=True)
class OnDay(Node):
    """The day on which a date-time falls, in the zone of evaluation, compared with a day."""

    op: Op
    left: Node
    day: Node


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and all below it, in the order of the text."""
    yield node
    for part in fields(node):
        value = getattr(node, part.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                yield from walk(child)


def references(node: Node) -> frozenset[tuple[str, ...]]:
    """Answer the paths of all fields that an expression reads."""
    return frozenset(
        each.path if isinstance(each, Name) else each.ref.path
        for each in walk(node)
        if isinstance(each, Name | Field)
    )
