"""Parameters of a query: what its expressions name ``param.…``, put in as what is written.

A text stays a text: with the parameters in, it is the expression that lists the records, too.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.errors import ExpressionError, fault
from loopline.expr.parse import parse
from loopline.expr.tree import And, Call, ListOf, Literal, Name, Node, Not, Or, walk
from loopline.expr.written import written
from loopline.fields.base import Unreadable
from loopline.fields.numbers import read_json_number
from loopline.query.body import Body
from loopline.query.document import Aggregate, Formula, Measure, SemanticQuery
from loopline.query.periods import Period, is_period_name, named_period, read_period

MOST_PARAMS: Final = 30
_MOST_VALUES: Final = 100
_PARAM: Final = "param"
_RANGE: Final = "in_range"
_SITE: Final = "site"
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_ENDS: Final = ("start", "end")


def read_params(body: Body) -> Mapping[str, object]:
    """Answer the parameters of a JSON document; what is wrong is noted."""
    below = body.below("params")
    if len(below.raw) > MOST_PARAMS:
        body.amiss("params", "query.too_many", most=MOST_PARAMS)
        return {}
    found = {}
    for name, raw in below.raw.items():
        try:
            found[name] = _value(raw)
        except Unreadable:
            below.amiss(name, "query.param")
    return found


def _value(raw: object) -> object:
    """Answer a parameter. Raises Unreadable."""
    if isinstance(raw, list) and len(raw) <= _MOST_VALUES:
        return tuple(_scalar(one) for one in raw)
    if isinstance(raw, dict):
        period = read_period(raw)
        if period is None:
            raise Unreadable("query.param")
        return None if period == Period(None, None) else period
    return None if raw is None else _scalar(raw)


def _scalar(raw: object) -> object:
    if isinstance(raw, bool | str):
        return raw
    number = read_json_number(raw) if isinstance(raw, int | float | Decimal) else None
    if number is None:
        raise Unreadable("query.param")
    return number


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of one question; ``period`` answers what a name means at its moment."""

    values: Mapping[str, object]
    period: Callable[[str], Period]

    def bound(self, text: str, at: str) -> str:
        """Answer an expression with the parameters in; blank where nothing is left of it.

        A test that names a parameter without a value is left out. Raises NotValid for what cannot
        be parsed, an unknown parameter, and one of the wrong sort.
        """
        if _PARAM not in text:
            return text
        node = parse(text, at)
        if not any(_names_one(each) for each in walk(node)):
            return text
        kept = self._kept(node)
        return "" if kept is None else written(self._filled(kept, at))

    def ranged(self, text: str) -> Mapping[str, tuple[str, ...]]:
        """Answer the periods by which an expression limits days, each with its field."""
        found: dict[str, tuple[str, ...]] = {}
        for each in walk(parse(text)) if _PARAM in text else ():
            match each:
                case Call("in_range", (Name(path), Name((first, name)))) if first == _PARAM:
                    found[name] = path
        return found

    def _kept(self, node: Node) -> Node | None:
        match node:
            case And(parts) | Or(parts):
                kept = [one for one in map(self._kept, parts) if one is not None]
                if len(kept) < 2:
                    return kept[0] if kept else None
                return replace(node, parts=tuple(kept))
            case Not(part):
                inner = self._kept(part)
                return None if inner is None else Not(inner, at=node.at)
            case _:
                blank = any(_names_one(one) and self._blank(one) for one in walk(node))
                return None if blank else node

    def _blank(self, name: Node) -> bool:
        return isinstance(name, Name) and self.values.get(name.path[1], "") in (None, ())

    def _filled(self, node: Node, at: str) -> Node:
        if isinstance(node, Name) and _names_one(node):
            return self._literal(node, at)
        if isinstance(node, Call) and node.function == _RANGE and len(node.arguments) == 2:
            tested, name = node.arguments
            if isinstance(name, Name) and _names_one(name):
                period = self.period_of(name, at)
                bounds = (_day(period.start), _day(period.end))
                return replace(node, arguments=(self._filled(tested, at), *bounds))
        changed: dict[str, Any] = {}
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, Node):
                changed[one.name] = self._filled(value, at)
            elif isinstance(value, tuple) and any(isinstance(each, Node) for each in value):
                changed[one.name] = tuple(self._filled(each, at) for each in value)
        return replace(node, **changed) if changed else node

    def period_of(self, name: Name, at: str) -> Period:
        """Answer the period that a parameter is. Raises ExpressionError for another value."""
        value = self._known(name, at)
        if isinstance(value, str) and is_period_name(value):
            value = self.period(value)
        if isinstance(value, Period) and len(name.path) == 2:
            return value
        raise fault(at, "query.period", name.at, ".".join(name.path))

    def _literal(self, name: Name, at: str) -> Node:
        value = self._known(name, at)
        if len(name.path) == 3 and name.path[2] in _ENDS:
            period = self.period_of(replace(name, path=name.path[:2]), at)
            return _day(getattr(period, name.path[2]))
        if isinstance(value, Period) or len(name.path) != 2:
            raise fault(at, "query.param_use", name.at, ".".join(name.path))
        if isinstance(value, tuple):
            return ListOf(tuple(Literal(one) for one in value), at=name.at)
        return Literal(value, at=name.at)

    def _known(self, name: Name, at: str) -> object:
        if name.path[1] not in self.values:
            raise fault(at, "query.no_param", name.at, ".".join(name.path))
        return self.values[name.path[1]]


def params_of(ctx: Context, query: SemanticQuery) -> Params:
    """Answer the parameters of a query as they are meant now, on the day of the viewer."""
    today, rules = ctx.moment.today(), ctx.settings.reporting
    return Params(query.params, lambda name: named_period(name, today, rules))


def with_params(query: SemanticQuery, params: Params, problems: list[Problem]) -> SemanticQuery:
    """Answer a query whose expressions name no parameters any more; problems are noted."""

    def bound(text: str, at: str) -> str:
        try:
            return params.bound(text, at)
        except ExpressionError as error:
            problems.extend(error.problems)
            return ""

    def measure(one: Measure) -> Measure:
        at = f"measures.{one.id}"
        match one:
            case Aggregate():
                where, rule = bound(one.where, f"{at}.where"), one.currency
                if rule is not None:
                    rule = replace(rule, to=_code(params, rule.to, f"{at}.currency.to", problems))
                value = bound(one.value, f"{at}.value")
                return replace(one, where=where, value=value, currency=rule)
            case Formula():
                return replace(one, text=bound(one.text, f"{at}.formula"))
            case _:
                return one

    dimensions = (
        replace(one, value=bound(one.value, f"dimensions.{one.id}.value"))
        for one in query.dimensions
    )
    return replace(
        query,
        dimensions=tuple(dimensions),
        where=bound(query.where, "where"),
        having=bound(query.having, "having"),
        measures=tuple(map(measure, query.measures)),
    )


def _code(params: Params, to: str, at: str, problems: list[Problem]) -> str:
    """Answer a currency by its code, blank for that of the site; problems are noted."""
    if to.startswith(f"{_PARAM}."):
        found = params.values.get(to.removeprefix(f"{_PARAM}."), to)
        to = "" if found is None else str(found)
    if to in {"", _SITE} or _CURRENCY.fullmatch(to):
        return "" if to == _SITE else to
    problems.append(Problem(at, "query.currency_code"))
    return ""


def _names_one(node: Node) -> bool:
    return isinstance(node, Name) and node.path[0] == _PARAM and len(node.path) > 1


def _day(day: date | None) -> Literal:
    return Literal(None if day is None else day.isoformat())
