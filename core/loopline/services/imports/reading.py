"""Reading rows: every cell by its field, the links of a batch looked up together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.base import Unreadable
from loopline.services.imports.cells import Reader, remembering, text_reader, value_reader
from loopline.services.imports.lookups import BY_NAME, Lookups
from loopline.services.imports.plan import Plan
from loopline.services.imports.regions import reading_names
from loopline.services.mapping.file import ColumnRule
from loopline.services.tabular.table import Row


@dataclass(slots=True)
class ReadRow:
    """One row as read: its values by field, and what keeps it from being written.

    ``waits`` means that a link points to a record of the same entity that is not there yet; it
    may be a later row of the file.
    """

    row: Row
    values: dict[str, object] = field(default_factory=dict)
    problems: list[tuple[str, Problem]] = field(default_factory=list)
    waits: bool = False


@dataclass(frozen=True, slots=True)
class _Place:
    index: int
    field: str
    heading: str


@dataclass(frozen=True, slots=True)
class _Column:
    index: int
    field: str
    heading: str
    read: Reader


@dataclass(frozen=True, slots=True)
class _Link:
    column: _Column
    target: str
    by: str
    rule: ColumnRule
    own: bool


class RowReader:
    """Reads the rows of one import under one snapshot."""

    def __init__(self, ctx: Context, plan: Plan) -> None:
        self.plan = plan
        self.one = ctx.snapshot.table(plan.entity)
        self._lookups = Lookups()
        self._columns: list[_Column] = []
        self._links: list[_Link] = []
        for one in plan.columns:
            self._add(ctx, _Place(one.index, one.field, one.heading), one.by, one.rule)
        constants = enumerate(plan.constants.items(), start=len(plan.headings))
        for index, (name, _) in constants:
            self._add(ctx, _Place(index, name, ""), "", ColumnRule(field=name))
        self._fixed = tuple(plan.constants.values())

    def _add(self, ctx: Context, place: _Place, by: str, rule: ColumnRule) -> None:
        stored = self.one.field(place.field)
        if stored is None:
            raise KeyError(place.field)
        # A constant is what a person wrote on purpose: the blank texts of the file are not for it.
        blank = self.plan.blank if place.heading else ()
        target = stored.definition.to
        if target:
            column = _Column(place.index, place.field, place.heading, text_reader(rule, blank))
            own = target == self.plan.entity
            self._links.append(_Link(column, target, by or BY_NAME, rule, own))
        else:
            read = value_reader(stored, rule, blank, ctx.locale)
            if stored.type.id == "region":
                read = remembering(reading_names(ctx, read))
            self._columns.append(_Column(place.index, place.field, place.heading, read))

    def read(self, ctx: Context, rows: Iterable[Row], *, final: bool) -> list[ReadRow]:
        """Read rows; only a ``final`` reading takes a missing record of this entity for lost."""
        found = [self._read_row(row) for row in rows]
        for link in self._links:
            self._follow(ctx, link, found, final=final)
        return found

    def _read_row(self, row: Row) -> ReadRow:
        cells = row.cells + self._fixed
        values: dict[str, object] = {}
        result = ReadRow(row, values, [(str(p.params.get("column", "")), p) for p in row.problems])
        for column in self._columns:
            cell = cells[column.index]
            if cell is None:
                values[column.field] = None
                continue
            try:
                values[column.field] = column.read(cell)
            except Unreadable as error:
                result.problems.append((column.heading, error.at(f"fields.{column.field}")))
        return result

    def _follow(self, ctx: Context, link: _Link, rows: Sequence[ReadRow], *, final: bool) -> None:
        """Put the records that the cells of one link column mean into the rows."""
        column = link.column
        wanted: dict[str, list[ReadRow]] = defaultdict(list)
        for one in rows:
            cells = one.row.cells + self._fixed
            text = column.read(cells[column.index])
            one.values[column.field] = None
            if text is not None:
                wanted[str(text)].append(one)
        found = dict(self._lookups.find(ctx, link.target, link.by, wanted))
        lost = {text for text in wanted if not found[text]}
        if link.own and not final:
            for text in lost:
                for one in wanted.pop(text):
                    one.waits = True
        elif link.rule.on_none == "create" and lost:
            self._create(ctx, link, {text: wanted[text] for text in lost}, found)
        for text, asking in wanted.items():
            self._settle(link, text, found[text], asking)

    def _create(
        self,
        ctx: Context,
        link: _Link,
        wanted: dict[str, list[ReadRow]],
        found: dict[str, Sequence[int]],
    ) -> None:
        """Create what rows that are otherwise sound ask for."""
        sound = {text for text, asking in wanted.items() if any(not one.problems for one in asking)}
        for text, made in self._lookups.create(ctx, link.target, link.by, sound).items():
            if isinstance(made, int):
                found[text] = (made,)
            else:
                for one in wanted[text]:
                    one.problems += [(link.column.heading, problem) for problem in made]

    def _settle(
        self, link: _Link, text: str, ids: Sequence[int], asking: Iterable[ReadRow]
    ) -> None:
        field_id = link.column.field
        if len(ids) == 1 or (ids and link.rule.on_many == "first"):
            for one in asking:
                one.values[field_id] = ids[0]
            return
        if not ids and link.rule.on_none == "blank":
            return
        stored = self.one.fields[field_id]
        code = "link.none" if not ids else "link.many"
        told = {
            "label": stored.definition.label,
            "by": link.by,
            "value": text,
            "count": len(ids),
        }
        for one in asking:
            one.problems.append((link.column.heading, Problem(f"fields.{field_id}", code, told)))
