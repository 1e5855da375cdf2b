"""The answer to a semantic query: columns, rows and totals, each row with its own filter."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from loopline.fields.definition import FieldDef
from loopline.language import Label


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A dimension or a measure of the answer.

    ``kind`` is the field type of the values, the grain of a dimension of dates, or ``ratio``.
    ``field`` is what they were taken from, None for counts of records and for formulas.
    """

    id: str
    label: Label
    kind: str
    role: Literal["dimension", "measure"]
    format: str = ""
    field: FieldDef | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One row. ``values`` are those of the measures, ``level`` counts the dimensions summed up.

    ``key`` and ``labels`` say of each dimension which group it is and what it is called;
    ``filter`` is the expression that holds for exactly the records behind the row.
    """

    key: Mapping[str, object]
    labels: Mapping[str, str]
    values: tuple[object, ...]
    level: int
    filter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Notes:
    """What to know about an answer: records of the entity that the viewer may not read (filtered or
    not), rows that ``having`` and ``limit`` left out, rates of exchange used, and its moment.
    """

    hidden_rows: int
    left_out: int
    as_of: datetime
    rates: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ResultGrid:
    """The answer. ``totals`` are rows over fewer dimensions, as they were asked for."""

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
