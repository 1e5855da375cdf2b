"""The nodes of an expression.

Parsing gives names, calls and literals as written; checking turns them into fields, tests and
values of one type. Back ends (Python, SQL and others to come) know only the checked nodes. Each
node knows where it stands in the text (``at``, from 0), which plays no part in equality.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from enum import StrEnum

from loopline.expr.functions import Function
from loopline.expr.scope import Ref
from loopline.expr.types import ExprType, ValueType


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
_INVERSE = dict(zip(Op, (Op.NE, Op.EQ, Op.GE, Op.GT, Op.LE, Op.LT), strict=True))


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
class Negative(Node):
    """A value with a minus before it."""

    part: Node


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """Two values with one of ``+ - * /`` between them."""

    sign: str
    left: Node
    right: Node


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
class Member(Node):
    """A field of the current user, ``me.department``."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Text(Node):
    """A written text as a value of its own; ``part`` of a longer one it keeps its outer spaces."""

    raw: str
    kind: ExprType
    part: bool = False


@dataclass(frozen=True, slots=True)
class Cast(Node):
    """A number with more decimals than its own, or an exact one as a double."""

    value: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class Sum(Node):
    """Numbers of one type added up; those whose sign is -1 are taken away."""

    parts: tuple[Node, ...]
    signs: tuple[int, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Two numbers multiplied, both exact or both doubles."""

    left: Node
    right: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class Quotient(Node):
    """A double divided by a double; blank where that is 0."""

    left: Node
    right: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class Rounded(Node):
    """A number with fewer decimals; ``how`` is round (half away from zero), floor or ceil."""

    how: str
    value: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class LocalDay(Node):
    """The day on which a date-time falls in the zone of evaluation."""

    value: Node


@dataclass(frozen=True, slots=True)
class Choose(Node):
    """One of two values of one type, as a condition decides."""

    condition: Node
    then: Node
    otherwise: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class Coalesce(Node):
    """The first of several values of one type that is not blank."""

    parts: tuple[Node, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Concat(Node):
    """Texts one after the other, blanks left out; blank when nothing is left."""

    parts: tuple[Node, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class Lower(Node):
    """A text with A–Z in lower case."""

    value: Node
    type: ValueType


@dataclass(frozen=True, slots=True)
class Apply(Node):
    """A function of the registry applied to values of the types it wants; blank if any is."""

    function: Function
    arguments: tuple[Node, ...]
    type: ValueType


@dataclass(frozen=True, slots=True)
class IsTrue(Node):
    """A boolean value is true, neither false nor blank."""

    value: Node


@dataclass(frozen=True, slots=True)
class IsBlank(Node):
    """There is no value."""

    value: Node


@dataclass(frozen=True, slots=True)
class Contains(Node):
    """A text holds ``part`` anywhere."""

    value: Node
    part: str


@dataclass(frozen=True, slots=True)
class StartsWith(Node):
    """A text begins with ``part``."""

    value: Node
    part: str


@dataclass(frozen=True, slots=True)
class EndsWith(Node):
    """A text ends with ``part``."""

    value: Node
    part: str


@dataclass(frozen=True, slots=True)
class OneOf(Node):
    """A value equals one of the choices; blank never does."""

    value: Node
    choices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class HasCode(Node):
    """A field of several codes holds ``code``."""

    field: Field
    code: str


@dataclass(frozen=True, slots=True)
class InSet(Node):
    """A link points to one of the records that ``relation`` has for ``of``.

    ``relation`` is reports (users below a user), tree (departments at and below one) or members
    (records of entity ``to`` that count a user among their members).
    """

    relation: str
    value: Node
    of: Node
    to: str = ""


@dataclass(frozen=True, slots=True)
class OnDay(Node):
    """The day on which a date-time falls, in the zone of evaluation, compared with a day."""

    op: Op
    left: Node
    day: Node


@dataclass(frozen=True, slots=True)
class Derived(Node):
    """The value of a formula field that was named; ``ref`` is that field."""

    value: Node
    ref: Ref


TESTS = (
    *(And, Or, Not, Comparison, Constant, IsTrue, IsBlank, Contains, StartsWith, EndsWith),
    *(OneOf, HasCode, InSet, OnDay),
)
"""The checked nodes that are conditions; all other checked nodes are values."""


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and all below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


def children(node: Node) -> Iterator[Node]:
    """Yield the nodes right below one."""
    for part in fields(node):
        value = getattr(node, part.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, Node):
                yield child
