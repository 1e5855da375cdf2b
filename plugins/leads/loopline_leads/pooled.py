"""What pools hold: leads, and customers where a rule says so. Each names its fields its own way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loopline.sdk import Record
from loopline_leads.leads import CUSTOMER, LEAD, OPEN, OPEN_STATUSES

Values = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pooled:
    """An entity whose records pools hold.

    The plugin's fields begin with ``prefix`` where the entity is not its own. ``open`` is the
    condition of records that somebody works on, or should; ``statuses`` says the same, blank where
    all are.
    """

    entity: str
    prefix: str = ""
    open: str = ""
    statuses: tuple[str, ...] = ()

    def field(self, name: str) -> str:
        """Answer what the entity calls a field of the plugin."""
        return self.prefix + name

    def value(self, row: Values | Record, name: str) -> object:
        """Answer the value of a field of the plugin."""
        held = row.values if isinstance(row, Record) else row
        return held.get(self.field(name))

    def is_open(self, row: Values) -> bool:
        """Whether somebody works on a record, or should."""
        return not self.statuses or row.get("status") in self.statuses

    def unowned(self) -> str:
        """Answer the condition of what waits in a pool."""
        return f"!is_blank({self.field('pool')}) && is_blank(owner)"


LEADS: Final = Pooled(entity=LEAD, open=OPEN, statuses=OPEN_STATUSES)
CUSTOMERS: Final = Pooled(entity=CUSTOMER, prefix="leads__")
POOLED: Final = {one.entity: one for one in (LEADS, CUSTOMERS)}


def both(*conditions: str) -> str:
    """Answer the condition that all of some hold, blank ones left out."""
    return " && ".join(f"({one})" for one in conditions if one)
