"""What dashboards show of contracts and money."""

from collections.abc import Iterable, Mapping
from typing import Any

from loopline.sdk import Context, Label, ReportWidget


def widgets() -> Iterable[ReportWidget]:
    """Yield what is overdue, by customer."""
    yield ReportWidget(
        id="overdue",
        label=Label({"zh": "逾期未收", "en": "Overdue"}),
        query=overdue,
        template="overdue.html",
    )


def overdue(ctx: Context, settings: Mapping[str, Any]) -> Mapping[str, object]:
    """Answer the query: instalments past their day and not paid in full, the most owed first."""
    return {
        "dataset": {"entity": "instalment"},
        "dimensions": {"customer": {"field": "order.customer"}},
        "measures": {
            "amount": {"aggregate": "sum", "field": "amount"},
            "paid": {"aggregate": "sum", "field": "paid"},
            "open": {"formula": "amount - paid"},
        },
        "where": "due < today() && amount > paid && void != true",
        "sort": "-open",
        "limit": 5,
    }
