"""What the measures of a query look at: its records, facts that point to them, or their history."""

from loopline.query.dataset import Dataset, FactRows
from loopline.query.document import Fact
from loopline.query.history import HistoryRows

Rows = Dataset | FactRows | HistoryRows


def fact_rows(base: Dataset, fact: Fact) -> Rows:
    """Answer the rows of a fact. Raises NotValid where there are none for the viewer."""
    return HistoryRows(base, fact) if fact.history else FactRows(base, fact)
