"""The answer to a semantic query: columns, rows and totals, each row with its own filter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.query.document import Fact
from loopline.query.drill import cell_filter
from loopline.query.periods import Period
from loopline.query.rates import Rate


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A dimension or a measure of the answer.

    ``kind`` is the field type of the values, the grain of a dimension of dates, or ``ratio``.
    ``field`` is what they were taken from, None for counts of records and for formulas. A record
    may be in several groups of a dimension with ``overlap``, so that these do not add up to their
    total. ``where`` is what a measure asks of the records it looks at, ``fact`` whose these are.
    """

    id: str
    label: Label
    kind: str
    role: Literal["dimension", "measure"]
    format: str = ""
    field: FieldDef | None = None
    overlap: bool = False
    where: str = ""
    fact: Fact | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row. ``values`` are those of the measures, ``level`` counts the dimensions summed up.

    ``key`` and ``labels`` say of each dimension which group it is and what it is called;
    ``filter`` is the expression that holds for exactly the records behind the row, ``filters``
    those of measures that look at an earlier period, or at facts with dimensions of their own.
    The row stands for all groups that are not among the first of the dimensions in ``others``.
    ``currencies`` are those of amounts, where it is not the site's.
    """

    key: Mapping[str, object]
    labels: Mapping[str, str]
    values: tuple[object, ...]
    level: int
    filter: str
    filters: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    currencies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """What to know about an answer: records of the entity that the viewer may not read (None where
    some are and a filter keeps it open whether they would count), rows that ``having`` and
    ``limit`` left out, rates of exchange used, its moment, and the earlier periods with which
    measures compare. ``unconverted`` says how many amounts of a measure no rate was found for;
    they are in none of its values.
    """

    hidden_rows: int | None
    left_out: int
    as_of: datetime
    rates: tuple[Rate, ...] = ()
    unconverted: Mapping[str, int] = field(default_factory=dict)
    compared: Mapping[str, Period] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultGrid:
    """The answer about the records of an entity.

    ``totals`` are rows over fewer dimensions, as they were asked for.
    """

    entity: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    notes: Notes = field(repr=False)

    def value(self, row: Row, measure: str) -> object:
        """Answer the value of a measure in a row. Raises KeyError for an unknown one."""
        names = [one.id for one in self.columns if one.role == "measure"]
        if measure not in names:
            raise KeyError(measure)
        return row.values[names.index(measure)]

    def filter(self, row: Row, measure: str) -> tuple[str, str] | None:
        """Answer the fact (blank for the records) and the filter that list what a cell counts.

        None where no filter can say it: facts whose records are too many links away. Raises
        KeyError for an unknown measure.
        """
        column = next((c for c in self.columns if c.id == measure and c.role == "measure"), None)
        if column is None:
            raise KeyError(measure)
        text = row.filters.get(measure, row.filter)
        return cell_filter(text, column.where, column.fact)
