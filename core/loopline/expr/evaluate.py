"""Checked values to Python closures: None for blank, texts folded unless they are asked for raw."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Context, Decimal
from typing import Final, cast

from loopline.expr.dates import local_day
from loopline.expr.fold import ascii_lower, fold_part, folded_key
from loopline.expr.moment import NOBODY, Moment, shifted, utc
from loopline.expr.rounding import exact_rounded, rounded
from loopline.expr.scope import Ref
from loopline.expr.tree import (
    TESTS,
    Apply,
    Cast,
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
    Node,
    Now,
    Product,
    Quotient,
    Rounded,
    Sum,
    Text,
    Today,
)
from loopline.expr.typed import type_of
from loopline.expr.types import MAX_DIGITS, ExprType, ValueType

Values = Callable[[tuple[str, ...]], object]
"""The values of one record by path: str, Decimal or int, bool, date, aware datetime, int for a
link, a tuple or set of codes, None for blank."""

Operand = Callable[[Values, Moment], object]
Compile = Callable[[Node], Operand]
Test = Callable[[Values, Moment], bool]

_EXACT: Final = Context(prec=60)
"""Wide enough for any sum and product of numbers of 18 digits."""


def compile_operand(node: Node) -> Operand:
    """Answer what gives a checked value that holds no condition, short texts folded."""
    return compile_value(node, _no_condition)


def compile_value(node: Node, predicate: Callable[[Node], Test], *, raw: bool = False) -> Operand:
    """Answer what gives the value of a checked node: None when blank.

    ``predicate`` compiles the conditions of ``if``. Short texts come folded, long ones with A–Z in
    lower case, unless ``raw``. Raises TypeError for a node that has not been checked.
    """
    return _Compiler(predicate, raw=raw).value(node)


class _Compiler:
    def __init__(self, predicate: Callable[[Node], Test], *, raw: bool) -> None:
        self._predicate = predicate
        self._raw = raw

    def value(self, node: Node) -> Operand:
        match node:
            case Field(ref):
                return _field(ref, raw=self._raw)
            case Literal(value):
                return lambda values, moment: value
            case Text(raw, kind, part):
                text = raw if self._raw else _comparable(raw, kind, part=part)
                return lambda values, moment: text or None
            case Me():
                return lambda values, moment: moment.user()
            case Now():
                return lambda values, moment: moment.now
            case Member(ref):
                return _member(ref, raw=self._raw)
            case Today():
                day = day_of(node)
                return lambda values, moment: day(moment)
            case _:
                return self._made(node)

    def _made(self, node: Node) -> Operand:
        match node:
            case Derived(of):
                return self._predicate(of) if isinstance(of, TESTS) else self.value(of)
            case LocalDay(of):
                value = self.value(of)
                return lambda values, moment: _day(value(values, moment), moment)
            case Choose():
                return self._choose(node)
            case Coalesce(parts):
                return _first(tuple(map(self.value, parts)))
            case Concat(parts, found):
                return self._concat(parts, found.kind)
            case Lower(of):
                return _strict((self.value(of),), lambda text: ascii_lower(cast(str, text)))
            case Apply(function, arguments):
                written = _Compiler(self._predicate, raw=True)
                given = tuple(map(written.value, arguments))
                return _strict(given, _guarded(function.python, node.type))
            case _:
                return self._number(node)

    def _number(self, node: Node) -> Operand:
        match node:
            case Cast(of, found):
                return _strict((self.value(of),), _cast(type_of(of), found))
            case Sum(parts, signs, found):
                given = tuple(map(self.value, parts))
                return _strict(given, _guarded(_adding(signs, found), found))
            case Product(left, right, found):
                multiply = _EXACT.multiply if found.exact else _times
                given = (self.value(left), self.value(right))
                return _strict(given, _guarded(cast("Callable[..., object]", multiply), found))
            case Quotient(left, right):
                return _strict((self.value(left), self.value(right)), _divided)
            case Rounded(how, of, found):
                rounding = exact_rounded if type_of(of).exact else rounded
                return _strict((self.value(of),), lambda number: rounding(number, how, found.scale))
            case _:
                raise TypeError(f"not a checked value: {node!r}")

    def _concat(self, parts: tuple[Node, ...], kind: ExprType) -> Operand:
        if self._raw or kind is ExprType.TEXT:
            return _joined(tuple(map(self.value, parts)), trimmed=not self._raw)
        written = _Compiler(self._predicate, raw=True)
        joined = _joined(tuple(map(written.value, parts)), trimmed=False)
        if kind is ExprType.CODE:
            return joined
        return _strict((joined,), lambda text: ascii_lower(cast(str, text)))

    def _choose(self, node: Choose) -> Operand:
        holds = self._predicate(node.condition)
        one, other = self.value(node.then), self.value(node.otherwise)

        def choose(values: Values, moment: Moment) -> object:
            return (one if holds(values, moment) else other)(values, moment)

        return choose


def _no_condition(node: Node) -> Test:
    raise TypeError(f"a condition in a plain value: {node!r}")


def day_of(node: Today) -> Callable[[Moment], date]:
    """Answer what gives the day that a checked ``Today`` means."""
    days = node.days
    return lambda moment: shifted(moment.today(), days)


def _day(value: object, moment: Moment) -> date | None:
    return local_day(utc(value), moment.zone) if isinstance(value, datetime) else None


# Fields


def _field(ref: Ref, *, raw: bool) -> Operand:
    path, convert = ref.path, _reader(ref.type, raw=raw)
    if convert is None:
        return lambda values, moment: values(path)
    return lambda values, moment: convert(values(path))


def _member(ref: Ref, *, raw: bool) -> Operand:
    name, convert = ref.path[-1], _reader(ref.type, raw=raw)
    if ref.type is ExprType.LINK:
        # Not None: who has no department must not match records without one.
        return lambda values, moment: moment.profile.get(name) or NOBODY
    if convert is None:
        return lambda values, moment: moment.profile.get(name)
    return lambda values, moment: convert(moment.profile.get(name))


def _reader(kind: ExprType, *, raw: bool) -> Callable[[object], object] | None:
    match kind:
        case ExprType.TEXT if not raw:
            return lambda value: folded_key(cast("str | None", value))
        case ExprType.LONG_TEXT if not raw:
            return lambda value: ascii_lower(cast("str | None", value) or "") or None
        case ExprType.TEXT | ExprType.LONG_TEXT | ExprType.CODE | ExprType.SET | ExprType.OPAQUE:
            return lambda value: value or None  # empty is blank
        case _:
            return None


# Texts


def _comparable(text: str, kind: ExprType, *, part: bool) -> str | None:
    match kind:
        case ExprType.TEXT:
            return fold_part(text) if part else folded_key(text)
        case ExprType.LONG_TEXT:
            return ascii_lower(text)
        case _:
            return text


def _joined(parts: tuple[Operand, ...], *, trimmed: bool) -> Operand:
    def joined(values: Values, moment: Moment) -> object:
        found = "".join(cast(str, each(values, moment) or "") for each in parts)
        return (found.strip(" ") if trimmed else found) or None

    return joined


# Values of values


def _first(parts: tuple[Operand, ...]) -> Operand:
    def first(values: Values, moment: Moment) -> object:
        found = (each(values, moment) for each in parts)
        return next((value for value in found if value is not None), None)

    return first


def _strict(parts: tuple[Operand, ...], function: Callable[..., object]) -> Operand:
    """Answer the function of values, blank where one of them is."""

    def applied(values: Values, moment: Moment) -> object:
        given = [each(values, moment) for each in parts]
        return None if any(value is None for value in given) else function(*given)

    return applied


# Numbers


def _guarded(function: Callable[..., object], found: ValueType) -> Callable[..., object]:
    """Answer a function whose exact numbers of more than 18 digits are blank."""
    if not found.number or not found.exact:
        return function
    limit = Decimal(10) ** (MAX_DIGITS - found.scale)

    def guarded(*given: object) -> object:
        number = cast("Decimal | None", function(*given))
        return number if number is not None and -limit < number < limit else None

    return guarded


def _cast(found: ValueType, wanted: ValueType) -> Callable[..., object]:
    if wanted.exact:
        return _guarded(lambda number: number, wanted)
    unit = float(10**found.scale)
    return lambda number: float(int(Decimal(number).scaleb(found.scale))) / unit


def _adding(signs: tuple[int, ...], found: ValueType) -> Callable[..., object]:
    def add_exact(*given: Decimal) -> Decimal:
        total = Decimal()
        for sign, each in zip(signs, given, strict=True):
            total = _EXACT.add(total, each) if sign > 0 else _EXACT.subtract(total, each)
        return total

    def add(*given: float) -> float:
        total = 0.0
        for sign, each in zip(signs, given, strict=True):
            total = total + each if sign > 0 else total - each
        return total

    return add_exact if found.exact else add


def _times(one: float, other: float) -> float:
    return one * other


def _divided(one: float, other: float) -> float | None:
    return None if other == 0 else one / other
