"""The one intermediate of every report: cells with their places, spans, values and texts.

Pages, workbooks, prints and the API are written from it and from nothing else, so that they cannot
differ.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Part = Literal["head", "stub", "value"]


@dataclass(frozen=True, slots=True)
class Drill:
    """The records behind a cell: their entity and the filter that lists exactly them."""

    entity: str
    filter: str


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is written: its decimals, as a percentage, with a currency before it.

    ``money`` is an amount, without a currency where it is in the site's.
    """

    decimals: int
    percent: bool = False
    currency: str = ""
    money: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """A cell. ``value`` is exact, ``text`` what people read of it in their language.

    ``bar`` is its part in the greatest value of its measure, ``measure`` the one that it shows.
    """

    row: int
    column: int
    part: Part
    text: str
    value: object = None
    rows: int = 1
    columns: int = 1
    format: NumberFormat | None = None
    total: bool = False
    style: str = ""
    bar: float | None = None
    drill: Drill | None = None
    measure: str = ""
    key: Mapping[str, object] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CellGrid:
    """A laid-out report: ``heads`` rows of heads above, ``stubs`` columns of them at the left.

    ``subject`` says what is counted in what; ``notes`` what to know about the numbers.
    """

    title: str
    subject: str
    heads: int
    stubs: int
    height: int
    width: int
    cells: tuple[Cell, ...]
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[tuple[Cell, ...], ...]:
        """The cells by the row in which they begin, from left to right."""
        found: list[list[Cell]] = [[] for _ in range(self.height)]
        for one in self.cells:
            found[one.row].append(one)
        return tuple(tuple(sorted(line, key=lambda one: one.column)) for line in found)
