"""The history of stages as facts: a row for each stage that a record entered, whatever it is now.

``to`` is the stage, ``from`` the one before, in which it had been for so many ``days``; ``at`` the
moment, ``by`` who did it, ``owner`` and ``department`` those of the record at that time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.expr.check import check
from loopline.expr.functions import KERNEL_FUNCTIONS, Function
from loopline.expr.parse import parse
from loopline.expr.scope import Ref
from loopline.expr.types import ExprType
from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.query.dataset import Condition, Dataset
from loopline.query.document import Fact
from loopline.query.unread import unread
from loopline.store.expressions import to_sql
from loopline.store.expressions.functions import divided
from loopline.store.stage_history import stage_history
from loopline.store.types import BIG

_DAY: Final = 86_400
_TYPES: Final[Mapping[str, tuple[str, ExprType, str, int]]] = {
    "to": ("choice", ExprType.CODE, "", 0),
    "from": ("choice", ExprType.CODE, "", 0),
    "at": ("datetime", ExprType.DATETIME, "", 0),
    "days": ("decimal", ExprType.NUMBER, "", 2),
    "by": ("user", ExprType.LINK, "user", 0),
    "owner": ("user", ExprType.LINK, "user", 0),
    "department": ("department", ExprType.LINK, "department", 0),
    "record": ("link", ExprType.LINK, "", 0),
}
_COLUMNS: Final = {"to": "after", "from": "before", "by": "actor"}
_LABELS: Final = {
    "to": Label({"zh": "进入的阶段", "en": "Stage entered"}),
    "from": Label({"zh": "离开的阶段", "en": "Stage left"}),
    "at": Label({"zh": "进入时间", "en": "Entered"}),
    "days": Label({"zh": "停留天数", "en": "Days in stage"}),
    "by": Label({"zh": "操作人", "en": "Moved by"}),
    "owner": Label({"zh": "当时负责人", "en": "Owner then"}),
    "department": Label({"zh": "当时部门", "en": "Department then"}),
    "record": Label({"zh": "记录", "en": "Record"}),
}


@dataclass(frozen=True, slots=True)
class HistoryScope:
    """What expressions over the history may name."""

    stage: FieldDef

    @property
    def functions(self) -> Mapping[str, Function]:
        """The kernel's functions."""
        return KERNEL_FUNCTIONS

    def resolve(self, path: tuple[str, ...]) -> Ref | None:
        """Answer a field of the history; links are not followed from it."""
        if len(path) != 1 or path[0] not in _TYPES:
            return None
        _, kind, to, scale = _TYPES[path[0]]
        return Ref(path, kind, scale, self.stage.entity if path[0] == "record" else to)

    def definition(self, path: tuple[str, ...]) -> FieldDef | None:
        """Answer what a field of the history is."""
        ref = self.resolve(path)
        if ref is None:
            return None
        (name,) = path
        label, kind = _LABELS[name], _TYPES[name][0]
        if ref.type is ExprType.CODE:
            return replace(self.stage, label=label)
        entity = self.stage.entity
        return FieldDef(id=name, entity=entity, type=kind, label=label, scale=ref.scale, to=ref.to)

    def member(self, name: str) -> Ref | None:
        """Answer nothing: who looks is told by the conditions on records."""
        return None

    def names(self, path: tuple[str, ...]) -> Iterable[str]:
        """Answer the fields of the history."""
        return () if path else _TYPES


@dataclass(frozen=True)
class HistoryColumns:
    """The columns of the history by path."""

    table: sa.FromClause

    def column(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        """Answer a column; days in hundredths, as exact numbers are stored."""
        if path == ("days",):
            return divided(self.table.c.stay * sa.literal(100, BIG), _DAY)
        found: sa.ColumnElement[Any] = self.table.c[_COLUMNS.get(path[0], path[0])]
        return found

    def key(self, path: tuple[str, ...]) -> sa.ColumnElement[Any]:
        """Answer a column; the history holds no texts that people write."""
        return self.column(path)


class HistoryRows:
    """The history of a stage, joined to its records: one row for each stage entered."""

    def __init__(self, base: Dataset, fact: Fact) -> None:
        """Raises NotValid where the viewer reads no such stage of these records."""
        self.ctx, self.entity = base.ctx, base.entity
        found = base.ctx.snapshot.catalog.pipelines.get(base.entity, {})
        by_id = {one.id: one.field for pipelines in found.values() for one in pipelines}
        name = by_id.get(fact.history, fact.history)
        stage = base.ctx.catalog.entity(base.entity).fields.get(name)
        if name not in found or stage is None or stage.masked:
            params = {"name": fact.history, "base": base.entity, "unread": unread(base.ctx)}
            at = f"dataset.facts.{fact.id}.history"
            raise NotValid(Problem(at, "query.no_history", params))
        self.fields = HistoryScope(stage)
        self.table = table = stage_history.alias(f"history_{fact.id}")
        self.columns = HistoryColumns(table)
        self._on: list[Condition] = [
            table.c.entity == base.entity,
            table.c.record == base.table.c.id,
            table.c.field == name,
        ]
        if fact.history in by_id:
            self._on.append(table.c.pipeline == fact.history)

    def condition(self, text: str, path: str) -> Condition:
        """Answer an expression over the history as SQL. Raises NotValid with problems at a path."""
        node = check(parse(text, path), self.fields, path)
        return to_sql(node, self.columns, self.ctx.moment)

    def joined(self, source: sa.FromClause) -> sa.FromClause:
        """Answer the FROM clause of the base records with their history."""
        return source.join(self.table, sa.and_(*self._on))
