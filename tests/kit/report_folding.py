"""The records behind the cells of a report, folded again by Python: what a cell has to be."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from loopline_reports.cells import Drill
from loopline_reports.running import Ran

PRODUCTS = {"amount * probability": ("amount", "probability")}
"""The values of expressions that stock reports add up, as fields to be multiplied."""


@dataclass(frozen=True, slots=True)
class Fold:
    """A cell beside what its records come to."""

    report: str
    measure: str
    how: str
    filter: str
    total: bool
    shown: object
    folded: object


def folded(ctx: Any, ran: Ran) -> Iterator[Fold]:
    """Yield the cells that lead to records, each beside what these records come to."""
    folding = _Folding(ctx, ran.report.query["measures"])
    for cell in ran.grid.cells:
        if cell.drill is None or not folding.knows(cell.measure):
            continue
        behind = folding.records(cell.drill.entity, cell.drill.filter)
        yield Fold(
            report=ran.report.id,
            measure=cell.measure,
            how=folding.how(cell.measure),
            filter=cell.drill.filter,
            total=cell.total,
            shown=round(cell.value, 9) if isinstance(cell.value, float) else cell.value,
            folded=folding.value(cell.measure, cell.drill, behind),
        )


class _Folding:
    """The measures of a report, over records."""

    def __init__(self, ctx: Any, measures: Mapping[str, Mapping[str, Any]]) -> None:
        self._ctx, self._measures = ctx, measures
        self._lists: dict[tuple[str, str], Sequence[Any]] = {}

    def knows(self, measure: str) -> bool:
        """Whether a measure is an aggregate, one of an earlier period, or made of such."""
        asked = self._asked(measure)
        return "aggregate" in asked or ("formula" in asked and "fact" not in str(self._measures))

    def how(self, measure: str) -> str:
        """Answer what a measure does with values."""
        return str(self._asked(measure).get("aggregate", "formula"))

    def records(self, entity: str, condition: str) -> Sequence[Any]:
        """Answer the records of a list."""
        key = (entity, condition)
        if key not in self._lists:
            self._lists[key] = tuple(self._ctx.every(entity, condition))
        return self._lists[key]

    def value(self, measure: str, drill: Drill, behind: Sequence[Any]) -> object:
        """Answer what records come to, those of each part of a formula chosen from them."""
        asked = self._asked(measure)
        if "formula" not in asked:
            values = [_value(one, asked) for one in behind]
            return _folded(asked["aggregate"], [one for one in values if one is not None])
        parts = {
            name: self._part(name, drill)
            for name, one in self._measures.items()
            if "aggregate" in one
        }
        found = _computed(ast.parse(asked["formula"], mode="eval").body, parts)
        return round(float(found), 9) if "/" in asked["formula"] and found is not None else found

    def _part(self, measure: str, drill: Drill) -> object:
        where = self._measures[measure].get("where", "")
        condition = " && ".join(f"({one})" for one in (drill.filter, where) if one)
        return self.value(measure, drill, self.records(drill.entity, condition))

    def _asked(self, measure: str) -> Mapping[str, Any]:
        asked = self._measures.get(measure, {})
        return self._measures[asked["of"]] if asked.get("show") == "value" else asked


def _computed(node: ast.expr, parts: Mapping[str, object]) -> Any:
    """Answer what a formula of sums, differences and ratios comes to, None for a part of none."""
    if isinstance(node, ast.Name):
        return parts[node.id]
    if not isinstance(node, ast.BinOp):
        raise TypeError(ast.dump(node))
    left, right = _computed(node.left, parts), _computed(node.right, parts)
    if isinstance(node.op, ast.Div):
        return None if not right else Decimal(left) / Decimal(right)
    return left + right if isinstance(node.op, ast.Add) else left - right


def _value(record: Any, asked: Mapping[str, Any]) -> Any:
    if "value" in asked:
        one, other = (record.value(name) for name in PRODUCTS[asked["value"]])
        return None if one is None or other is None else one * other
    if "field" not in asked:
        return record.id
    return record.value(asked["field"].rpartition(".")[2])


def _folded(how: str, values: list[Any]) -> object:
    match how:
        case "count":
            return len(values)
        case "count_distinct":
            return len(set(values))
        case "avg" if not values:
            return None
        case "avg":
            exact = Decimal(sum(values)) / len(values)
            return exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
        case _:
            return sum(values, Decimal(0))
