"""What dashboards show of leads."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from loopline.sdk import Context, Label, ReportWidget
from loopline_leads.leads import LEAD

_USUAL_DAYS: Final = 30
_SETTINGS: Final[Mapping[str, Any]] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"days": {"type": "integer", "minimum": 1, "maximum": 1000}},
}


def widgets() -> Iterable[ReportWidget]:
    """Yield the new leads by source."""
    yield ReportWidget(
        id="new",
        label=Label({"zh": "新线索来源", "en": "New leads by source"}),
        query=new_leads,
        settings=_SETTINGS,
    )


def new_leads(ctx: Context, settings: Mapping[str, Any]) -> Mapping[str, object]:
    """Answer the query: the leads of the past days, and how many became customers, by source."""
    days = settings.get("days", _USUAL_DAYS)
    new = {"zh": "线索", "en": "Leads"}
    converted = {"zh": "已转化", "en": "Converted"}
    return {
        "dataset": {"entity": LEAD},
        "dimensions": {"source": {"field": "source"}},
        "measures": {
            "n": {"aggregate": "count", "label": new},
            "converted": {
                "aggregate": "count",
                "where": 'status == "converted"',
                "label": converted,
            },
        },
        "where": f"created_at >= today() - {days}",
        "sort": "-n",
    }
