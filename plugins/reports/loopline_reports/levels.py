"""The answer to a report's query by level: which row stands for which groups."""

from collections.abc import Mapping
from dataclasses import dataclass

from loopline.sdk import QueryColumn, QueryRow, ResultGrid
from loopline_reports.definition import Report

Part = tuple[object, bool]
"""A group of one dimension: its key, and whether it is all groups that are not among the first."""
Parts = tuple[Part, ...]
NO_ROWS: Mapping[Parts, QueryRow] = {}


@dataclass(frozen=True, slots=True)
class Answers:
    """Rows and totals of a grid by the dimensions they are over, and by their groups."""

    grid: ResultGrid
    report: Report
    rows: Mapping[frozenset[str], Mapping[Parts, QueryRow]]
    measures: Mapping[str, QueryColumn]

    def level(self, names: tuple[str, ...]) -> Mapping[Parts, QueryRow]:
        """Answer the rows over some dimensions in their order, by their groups."""
        found = self.rows.get(frozenset(names), NO_ROWS)
        return {tuple(part_of(row, name) for name in names): row for row in found.values()}

    def at(self, down: Parts, across: Parts) -> QueryRow | None:
        """Answer the row for groups of the first row and the first column dimensions."""
        pivot = self.report.pivot
        names = (*pivot.rows[: len(down)], *pivot.columns[: len(across)])
        return self.rows.get(frozenset(names), NO_ROWS).get((*down, *across))

    def value(self, row: QueryRow | None, measure: str) -> object:
        """Answer the value of a measure, None where there is no row."""
        return None if row is None else self.grid.value(row, measure)


def answers_of(report: Report, grid: ResultGrid) -> Answers:
    """Answer a grid by level."""
    used = (*report.pivot.rows, *report.pivot.columns)
    found: dict[frozenset[str], dict[Parts, QueryRow]] = {}
    for row in (*grid.rows, *grid.totals):
        names = tuple(name for name in used if name in row.key)
        parts = tuple(part_of(row, name) for name in names)
        found.setdefault(frozenset(names), {})[parts] = row
    measures = {one.id: one for one in grid.columns if one.role == "measure"}
    return Answers(grid, report, found, measures)


def part_of(row: QueryRow, name: str) -> Part:
    """Answer the group of a row in one dimension."""
    return row.key[name], name in row.others
