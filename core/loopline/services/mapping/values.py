"""What a cell means before its field reads it: blank texts and replaced values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from loopline.expr.fold import fold
from loopline.services.mapping.file import ColumnRule


@dataclass(frozen=True, slots=True)
class CellReader:
    """Applies the blank texts of a mapping and the value rules of one column, folded once."""

    blank: frozenset[str]
    values: Mapping[str, object]

    def read(self, cell: object) -> object:
        """Answer the cell as its field should read it; None for blank.

        Only an empty text is blank by itself. A rule in ``values`` comes before the blank texts,
        so a text that is blank elsewhere may mean something in one column.
        """
        if cell is None or cell == "":
            return None
        if not self.blank and not self.values:
            return cell
        key = _key(cell)
        if key in self.values:
            replaced = self.values[key]
            return None if replaced == "" else replaced
        return None if key in self.blank else cell


def cell_reader(rule: ColumnRule, blank: Iterable[str]) -> CellReader:
    """Answer the reader for one column under a mapping's ``blank`` texts."""
    values = {fold(text): value for text, value in rule.values.items()}
    return CellReader(frozenset(map(fold, blank)), values)


def _key(cell: object) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else format(Decimal(repr(cell)), "f")
    return fold(cell.isoformat() if isinstance(cell, date) else str(cell))
