"""From the answer to a report's query to its cells: heads merged, totals as the query gave them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby

from loopline.sdk import NotValid, Problem, QueryRow
from loopline_reports.axes import Axis, Entry, column_axis, row_axis
from loopline_reports.cells import Cell, CellGrid, Drill
from loopline_reports.definition import Report, Style
from loopline_reports.formats import currency_name, number_format, text_of
from loopline_reports.levels import Answers
from loopline_reports.texts import texts


@dataclass(frozen=True, slots=True)
class Words:
    """What totals are called, and the language of labels."""

    language: str
    total: str
    subtotal: str
    number: str


def words(language: str) -> Words:
    """Answer the words of a language."""
    names = ("total", "subtotal", "number")
    total, subtotal, number = (texts(f"grid.{name}").to(language) for name in names)
    return Words(language, total, subtotal, number)


def laid_out(answers: Answers, language: str, currency: str) -> CellGrid:
    """Answer the cells of a report. Raises NotValid where there are more than it allows."""
    report = answers.report
    layout = _Layout(answers, words(language), row_axis(answers), column_axis(answers))
    size = layout.height * layout.width
    if size > report.most_cells:
        raise _too_many("limit.cells", size, report.most_cells)
    groups = len(answers.grid.rows)
    if report.most_groups is not None and groups > report.most_groups:
        raise _too_many("limit.groups", groups, report.most_groups)
    return CellGrid(
        title=report.label.to(language),
        subject=layout.subject(currency),
        heads=layout.heads,
        stubs=layout.stubs,
        height=layout.height,
        width=layout.width,
        cells=tuple(_barred(report, [*layout.head(), *layout.stub(), *layout.body()])),
    )


def _too_many(place: str, found: int, most: int) -> NotValid:
    message = texts("grid.too_many", found=found, most=most)
    return NotValid(Problem(place, "plugin.refused", {"plugin": "reports", "message": message}))


@dataclass(frozen=True, slots=True)
class _Layout:
    answers: Answers
    words: Words
    down: Axis
    across: Axis

    @property
    def values(self) -> tuple[str, ...]:
        return self.answers.report.pivot.values

    @property
    def single(self) -> bool:
        """Whether the only measure is told above the table instead of in a row of heads."""
        return len(self.values) == 1 and bool(self.across.names)

    @property
    def heads(self) -> int:
        return len(self.across.names) + (0 if self.single else 1)

    @property
    def stubs(self) -> int:
        return len(self.down.names)

    @property
    def height(self) -> int:
        return self.heads + len(self.down.entries)

    @property
    def width(self) -> int:
        return self.stubs + len(self.across.entries) * len(self.values)

    def subject(self, currency: str) -> str:
        """Answer what is counted, where no head says it, and the currency of amounts."""
        measures = [self.answers.measures[name] for name in self.values]
        label = measures[0].label.to(self.words.language) if self.single else ""
        amounts = any(one.kind == "money" or one.format.startswith("money") for one in measures)
        money = currency_name(currency, self.words.language) if amounts else ""
        return " · ".join(one for one in (label, money) if one)

    def head(self) -> Iterator[Cell]:
        """Yield the heads: names of the row dimensions, groups of the columns, measures."""
        columns = {one.id: one for one in self.answers.grid.columns}
        for at, name in enumerate(self.down.names):
            text = columns[name].label.to(self.words.language)
            yield Cell(row=0, column=at, part="head", text=text, rows=self.heads)
        for at in range(len(self.across.names)):
            yield from self._head_row(at)
        if self.single:
            return
        for place, entry in enumerate(self.across.entries):
            for at, name in enumerate(self.values):
                yield Cell(
                    row=self.heads - 1,
                    column=self.stubs + place * len(self.values) + at,
                    part="head",
                    text=self.answers.measures[name].label.to(self.words.language),
                    total=bool(entry.total),
                    measure=name,
                )

    def _head_row(self, at: int) -> Iterator[Cell]:
        """Yield the heads of one column dimension, equal neighbours as one."""
        size, depth = len(self.values), len(self.across.names)
        for first, last, entry in _runs(self.across.entries, at):
            if len(entry.parts) > at:
                text, rows = self.across.labels[at, entry.parts[at]], 1
            elif len(entry.parts) == at:
                grand = entry.total == "grand"
                text = self.words.total if grand else self.words.subtotal
                rows = depth - at
            else:
                continue  # the head of a total reaches down here
            yield Cell(
                row=at,
                column=self.stubs + first * size,
                part="head",
                text=text,
                rows=rows,
                columns=(last - first + 1) * size,
                total=len(entry.parts) <= at,
            )

    def stub(self) -> Iterator[Cell]:
        """Yield what the rows are called, equal neighbours as one where they are merged."""
        merge = self.answers.report.pivot.merge
        for at in range(self.stubs):
            for first, last, entry in _runs(self.down.entries, at, merge=merge):
                if len(entry.parts) > at:
                    text, columns = self.down.labels[at, entry.parts[at]], 1
                elif len(entry.parts) == at:
                    grand = entry.total == "grand"
                    text = self.words.total if grand else self.words.subtotal
                    columns = self.stubs - at
                else:
                    continue
                yield Cell(
                    row=self.heads + first,
                    column=at,
                    part="stub",
                    text=text,
                    rows=last - first + 1,
                    columns=columns,
                    total=len(entry.parts) <= at,
                )

    def body(self) -> Iterator[Cell]:
        """Yield the values, each with the filter of the records behind it."""
        for line, down in enumerate(self.down.entries):
            for place, across in enumerate(self.across.entries):
                row = self.answers.at(down.parts, across.parts)
                total = bool(down.total or across.total)
                for at, name in enumerate(self.values):
                    cell = self._value(row, name, total=total)
                    column = self.stubs + place * len(self.values) + at
                    yield replace(cell, row=self.heads + line, column=column)

    def _value(self, row: QueryRow | None, name: str, *, total: bool) -> Cell:
        value = self.answers.value(row, name)
        code = "" if row is None else row.currencies.get(name, "")
        form = number_format(self.answers.measures[name], value, code)
        return Cell(
            row=0,
            column=0,
            part="value",
            text="" if row is None else text_of(value, form),
            value=value,
            format=form,
            total=total,
            style=_style(self.answers.report, name, value),
            drill=self._drill(row, name),
            measure=name,
            key=None if row is None else row.key,
        )

    def _drill(self, row: QueryRow | None, name: str) -> Drill | None:
        if row is None:
            return None
        found = self.answers.grid.filter(row, name)
        if found is None:
            return None
        entity, condition = found
        return Drill(entity or self.answers.report.entity, condition)


def _runs(
    entries: tuple[Entry, ...], at: int, *, merge: bool = True
) -> Iterator[tuple[int, int, Entry]]:
    """Yield (first, last, entry) of neighbours that share their groups down to a dimension."""
    places = range(len(entries))
    if not merge:
        yield from ((place, place, entries[place]) for place in places)
        return

    def shared(place: int) -> object:
        one = entries[place]
        return (one.parts[: at + 1], len(one.parts) > at or (place, one.total))

    for _, run in groupby(places, key=shared):
        found = list(run)
        yield found[0], found[-1], entries[found[0]]


def _style(report: Report, measure: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return ""
    fitting = (one for one in report.styles if one.measure == measure and one.style)
    return next((one.style for one in fitting if _applies(one, value)), "")


def _applies(style: Style, value: float | Decimal) -> bool:
    under = style.below is not None and value < Decimal(str(style.below))
    over = style.above is not None and value > Decimal(str(style.above))
    return under or over


def _barred(report: Report, cells: list[Cell]) -> Iterator[Cell]:
    """Yield cells, those of measures with a bar as a part of the greatest among them."""
    barred = {one.measure for one in report.styles if one.bar}
    greatest: dict[str, Decimal] = {}
    for one in cells:
        if one.measure in barred and not one.total and one.format is not None:
            size = abs(Decimal(str(one.value)))
            greatest[one.measure] = max(size, greatest.get(one.measure, Decimal(0)))
    for one in cells:
        most = greatest.get(one.measure)
        shown = one.part == "value" and not one.total and one.format is not None
        if most and shown:
            yield replace(one, bar=float(abs(Decimal(str(one.value))) / most))
        else:
            yield one
