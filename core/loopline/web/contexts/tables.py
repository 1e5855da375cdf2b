"""Tables of records and the pager below them."""

from dataclasses import dataclass, field
from typing import Literal

from loopline.web.contexts.cells import Cell
from loopline.web.contexts.described import described

SortState = Literal["", "ascending", "descending"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column: its head, how it sorts, and its place on a phone's card."""

    id: str = field(metadata=described("The field."))
    label: str = field(metadata=described("The head."))
    numeric: bool = field(default=False, metadata=described("Whether it is set right."))
    sort_href: str = field(default="", metadata=described("The list sorted by it; empty: fixed."))
    sorted: SortState = field(default="", metadata=described("How the list is sorted by it now."))
    place: int | None = field(
        default=None,
        metadata=described("Position on a phone's card, odd ones on the right; None: not shown."),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A record in a table; the cells stand in the order of the columns."""

    id: int = field(metadata=described("The record's id."))
    href: str = field(metadata=described("The record's page."))
    cells: tuple[Cell, ...] = field(metadata=described("One value a column."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Empty:
    """What a table without rows says, and the next step it offers."""

    title: str = field(metadata=described("What is missing."))
    text: str = field(default="", metadata=described("What to do about it."))
    href: str = field(default="", metadata=described("Where the next step is."))
    action: str = field(default="", metadata=described("What the next step is called."))
    also_href: str = field(default="", metadata=described("Where another step is."))
    also: str = field(default="", metadata=described("What the other step is called."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """Columns and rows; ``empty`` speaks when there are none."""

    label: str = field(metadata=described("What the table holds, for those who hear it."))
    columns: tuple[Column, ...] = field(metadata=described("The columns in order."))
    rows: tuple[Row, ...] = field(metadata=described("The records of this page."))
    empty: Empty = field(metadata=described("Said when there are no rows."))
    selects: bool = field(default=False, metadata=described("Whether rows can be ticked."))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pager:
    """How many there are, and the ways to other pages; an empty address has no page."""

    summary: str = field(metadata=described("How many records there are."))
    exact_href: str = field(default="", metadata=described("The same page, counted exactly."))
    first: str = field(default="", metadata=described("The first page."))
    previous: str = field(default="", metadata=described("The page before."))
    next: str = field(default="", metadata=described("The page after."))
