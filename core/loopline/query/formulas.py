"""Measures made of measures: formulas, shares, and the condition that rows have to meet."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any, Final

from loopline.errors import NotValid, Problem
from loopline.expr.check import check, check_value
from loopline.expr.functions import KERNEL_FUNCTIONS, Function
from loopline.expr.moment import Moment
from loopline.expr.parse import parse
from loopline.expr.python import Predicate, compile_formula, compile_predicate
from loopline.expr.scope import Ref
from loopline.expr.tree import Name, Node
from loopline.expr.typed import type_of
from loopline.expr.types import ExprType, ValueType
from loopline.query.document import Formula
from loopline.query.measures import AggregatePlan

Values = Mapping[str, object]
_MOST_TAKEN_IN: Final = 200
"""How often the formulas of a query may name each other; a chain of doublings has no end else."""
_KINDS: Final = frozenset({ExprType.NUMBER, ExprType.DATE, ExprType.DATETIME})


@dataclass(frozen=True, slots=True)
class MeasureScope:
    """What formulas over measures may name: the aggregates of a query."""

    aggregates: Mapping[str, AggregatePlan]

    @property
    def functions(self) -> Mapping[str, Function]:
        """The kernel's functions."""
        return KERNEL_FUNCTIONS

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer an aggregate as a field of its group."""
        found = self.aggregates.get(path[0]) if len(path) == 1 else None
        return None if found is None else Ref(path, found.type, found.scale)

    def member(self, name: str) -> Ref | None:
        """Answer nothing: totals are the same whoever looks at the same records."""
        return None

    def names(self, path: tuple[str, ...]) -> Iterable[str]:
        """Answer the aggregates."""
        return () if path else self.aggregates


@dataclass(frozen=True, slots=True)
class FormulaPlan:
    """A formula compiled: its type, and its value given those of the aggregates."""

    formula: Formula
    type: ValueType
    value: Callable[[Values, Moment], object]

    @property
    def kind(self) -> str:
        """The field type that shows it; a ratio where the number is no exact one."""
        if not self.type.number:
            return self.type.kind.value
        return "decimal" if self.type.exact else "ratio"


class FormulaCompiler:
    """Compiles what is written over measures; formulas that name formulas take them in."""

    def __init__(
        self, aggregates: Mapping[str, AggregatePlan], formulas: Mapping[str, Formula]
    ) -> None:
        self._scope = MeasureScope(aggregates)
        self._formulas = formulas
        self._left = _MOST_TAKEN_IN

    def formula(self, formula: Formula) -> FormulaPlan:
        """Compile a formula. Raises NotValid for what it names or is, also when it names itself."""
        at = f"measures.{formula.id}.formula"
        node = self._taken_in(parse(formula.text, at), at, (formula.id,))
        checked = check_value(node, self._scope, at)
        kind = type_of(checked)
        if kind.kind not in _KINDS:
            raise NotValid(Problem(at, "query.formula_kind"))
        compute = compile_formula(checked)
        return FormulaPlan(formula, kind, lambda values, moment: compute(_reader(values), moment))

    def condition(self, text: str, at: str) -> Callable[[Values, Moment], bool]:
        """Compile the condition that rows have to meet. Raises NotValid."""
        node = check(self._taken_in(parse(text, at), at, ()), self._scope, at)
        holds: Predicate = compile_predicate(node)
        return lambda values, moment: holds(_reader(values), moment)

    def _taken_in(self, node: Node, at: str, within: tuple[str, ...]) -> Node:
        """Answer a tree in which the names of formulas are replaced by what they say."""
        if isinstance(node, Name):
            named = self._formulas.get(node.path[0]) if len(node.path) == 1 else None
            if named is None:
                return node
            if named.id in within:
                raise NotValid(Problem(at, "query.circle", {"name": named.id}))
            self._left -= 1
            if self._left < 0:
                raise NotValid(Problem(at, "query.too_many", {"most": _MOST_TAKEN_IN}))
            return self._taken_in(parse(named.text, at), at, (*within, named.id))
        changed: dict[str, Any] = {}
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, Node):
                changed[one.name] = self._taken_in(value, at, within)
            elif isinstance(value, tuple) and any(isinstance(each, Node) for each in value):
                changed[one.name] = tuple(self._taken_in(each, at, within) for each in value)
        return replace(node, **changed) if changed else node


def share(value: object, total: object) -> float | None:
    """Answer a number as a part of a total, None where either is blank or the total is 0."""
    if not isinstance(value, int | float | Decimal) or not isinstance(total, int | float | Decimal):
        return None
    if total == 0:
        return None
    if isinstance(value, float) or isinstance(total, float):
        return float(value) / float(total)
    return float(Decimal(value) / Decimal(total))


def _reader(values: Values) -> Callable[[tuple[str, ...]], object]:
    def read(path: tuple[str, ...]) -> object:
        value = values[path[0]]
        return Decimal(value) if isinstance(value, int) else value

    return read
