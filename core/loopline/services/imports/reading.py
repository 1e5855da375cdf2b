"""Reading rows: every cell by its field, the links of a batch looked up together."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.base import Unreadable
from loopline.fields.links import RecordIds, record_ids
from loopline.language import Label
from loopline.services.imports.cells import (
    ColumnReader,
    remembers,
    text_reader,
    texts_reader,
    value_reader,
)
from loopline.services.imports.lookups import BY_NAME, Lookups
from loopline.services.imports.plan import Plan
from loopline.services.imports.regions import reading_names
from loopline.services.imports.several import number_in
from loopline.services.imports.ways import way_label
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
    place: _Place
    reader: ColumnReader


@dataclass(frozen=True, slots=True)
class _Link:
    column: _Column
    target: str
    by: str
    called: Label
    rule: ColumnRule
    own: bool
    several: bool


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
        target = stored.definition.to or stored.definition.many
        if target:
            several = bool(stored.definition.many)
            read_texts = texts_reader(rule, blank) if several else text_reader(rule, blank)
            column, way = _Column(place, ColumnReader(read_texts)), by or BY_NAME
            called, own = way_label(ctx.catalog, target, way), target == self.plan.entity
            link = _Link(column, target, way, called, rule, own=own, several=several)
            self._links.append(link)
            return
        read = value_reader(stored, rule, blank, ctx.locale, place.heading)
        if stored.type.id == "region":
            read = reading_names(ctx, read)
        reader = ColumnReader(read, remembers=remembers(stored))
        self._columns.append(_Column(place, reader))

    def read(self, ctx: Context, rows: Sequence[Row], *, final: bool) -> list[ReadRow]:
        """Read rows; only a ``final`` reading takes a missing record of this entity for lost."""
        if not rows:
            return []
        results = [ReadRow(row, {}, _noted(row) if row.problems else []) for row in rows]
        cells = list(zip(*(row.cells for row in rows), strict=True))
        cells += [(one,) * len(rows) for one in self._fixed]
        names = [column.place.field for column in self._columns]
        read = [self._read_column(column, cells, results) for column in self._columns]
        for one, values in zip(results, zip(*read, strict=True), strict=False):
            one.values.update(zip(names, values, strict=True))
        for link in self._links:
            self._follow(ctx, link, cells, results, final=final)
        return results

    def _read_column(
        self, column: _Column, cells: Sequence[Sequence[object]], rows: Sequence[ReadRow]
    ) -> list[object]:
        values = column.reader.read(cells[column.place.index])
        for index, value in enumerate(values):
            if isinstance(value, Unreadable):
                place = column.place
                rows[index].problems.append((place.heading, value.at(f"fields.{place.field}")))
                values[index] = None
        return values

    def _follow(
        self,
        ctx: Context,
        link: _Link,
        cells: Sequence[Sequence[object]],
        rows: Sequence[ReadRow],
        *,
        final: bool,
    ) -> None:
        """Put the records that the cells of one link column mean into the rows."""
        wanted = _wanted(link, cells, rows)
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
                    one.problems += [(link.column.place.heading, problem) for problem in made]

    def _settle(
        self, link: _Link, text: str, ids: Sequence[int], asking: Iterable[ReadRow]
    ) -> None:
        field_id = link.column.place.field
        if len(ids) == 1 or (ids and link.rule.on_many == "first"):
            for one in asking:
                _put(link, one, ids[0])
            return
        if not ids and link.rule.on_none == "blank":
            return
        stored = self.one.fields[field_id]
        code = "link.none" if not ids else "link.many"
        told = {
            "label": stored.definition.label,
            "by": link.called,
            "value": text,
            "count": len(ids),
        }
        for one in asking:
            one.problems.append(
                (link.column.place.heading, Problem(f"fields.{field_id}", code, told))
            )


def _wanted(
    link: _Link, cells: Sequence[Sequence[object]], rows: Sequence[ReadRow]
) -> dict[str, list[ReadRow]]:
    """Answer the rows by the texts of them that are to be looked up; numbers are put in place."""
    place = link.column.place
    wanted: dict[str, list[ReadRow]] = defaultdict(list)
    for row, read in zip(rows, link.column.reader.read(cells[place.index]), strict=True):
        row.values[place.field] = None
        for text in read if isinstance(read, tuple) else (read,):
            if text is None:
                continue
            number = number_in(str(text)) if link.several else None
            if number is None:
                wanted[str(text)].append(row)
            else:
                _put(link, row, number)
    return wanted


def _put(link: _Link, row: ReadRow, record: int) -> None:
    """Put a record into a row, beside those that stand there where a field holds several."""
    name = link.column.place.field
    if not link.several:
        row.values[name] = record
        return
    held = cast("RecordIds | None", row.values[name])
    row.values[name] = record_ids((*(held or ()), record))


def _noted(row: Row) -> list[tuple[str, Problem]]:
    return [(str(one.params.get("column", "")), one) for one in row.problems]
