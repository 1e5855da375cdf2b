"""Results of surveys: how many answered, NPS and satisfaction, each number with its list."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from loopline.sdk import Context, Page, PageRequest, Template
from loopline_loyalty.questions import surveys
from loopline_loyalty.surveys import RESPONSE
from loopline_loyalty.texts import texts

_CONDITIONS: Final = {
    "asked": "",
    "answered": 'status == "answered"',
    "promoters": "nps >= 9",
    "passives": "nps >= 7 && nps <= 8",
    "detractors": "nps <= 6",
    "satisfied": "csat >= 4",
    "rated": "csat >= 1",
}
_COLUMNS: Final = (
    "nps",
    "csat",
    "asked",
    "answered",
    "rate",
    "promoters",
    "passives",
    "detractors",
    "average",
)


def pages() -> Iterable[Page]:
    """Yield the page of results."""
    yield Page(
        path="/loyalty/surveys",
        handler=show,
        permission=f"{RESPONSE}:read",
        menu=texts("results.menu"),
        icon="i-chart",
    )


def show(ctx: Context, request: PageRequest) -> Template:
    """Show a row for each survey that was asked."""
    names = {one.id: one.label.to(ctx.language) for one in surveys(ctx)}
    rows = [
        {"name": names.get(name, name), "cells": _cells(name, counts)}
        for name, counts in results(ctx).items()
    ]
    say = ctx.language
    context = {
        "heads": [texts(f"results.{one}").to(say) for one in ("survey", *_COLUMNS)],
        "rows": rows,
        "none": texts("results.none").to(say),
        "help": texts("results.help").to(say),
    }
    return Template("results.html", context, texts("results.title"))


def results(ctx: Context) -> dict[str, Mapping[str, Any]]:
    """Answer for each survey the counts, and the average satisfaction (None: nobody said)."""
    counted = {
        name: {"aggregate": "count", **({"where": where} if where else {})}
        for name, where in _CONDITIONS.items()
    }
    asked = {
        "dataset": {"entity": RESPONSE},
        "dimensions": {"survey": {"field": "survey"}},
        "measures": {**counted, "average": {"aggregate": "avg", "field": "csat"}},
        "totals": "none",
    }
    grid = ctx.query(asked)
    names = (*counted, "average")
    return {str(row.key["survey"]): dict(zip(names, row.values, strict=True)) for row in grid.rows}


def nps(counts: Mapping[str, Any]) -> int | None:
    """Answer the net promoter score, −100 to 100 (Reichheld 2003); None where nobody said."""
    said = sum(int(counts[name]) for name in ("promoters", "passives", "detractors"))
    if not said:
        return None
    return round(100 * (int(counts["promoters"]) - int(counts["detractors"])) / said)


def _cells(survey: str, counts: Mapping[str, Any]) -> list[dict[str, str]]:
    score, average = nps(counts), counts["average"]
    shown = {
        **{name: str(counts[name]) for name in _CONDITIONS},
        "rate": _share(counts["answered"], counts["asked"]),
        "nps": "" if score is None else f"{score:+d}" if score else "0",
        "csat": _share(counts["satisfied"], counts["rated"]),
        "average": "" if average is None else f"{float(average):.1f}",
    }
    return [
        {"text": shown[name], "href": _list(survey, _CONDITIONS.get(name))} for name in _COLUMNS
    ]


def _share(part: Any, of: Any) -> str:
    return f"{100 * int(part) / int(of):.0f} %" if int(of) else ""


def _list(survey: str, condition: str | None) -> str:
    """Answer where the records behind a count are listed; blank for what is no count."""
    if condition is None:
        return ""
    whole = f'survey == "{survey}"' + (f" && {condition}" if condition else "")
    return f"/records/{RESPONSE}?filter={quote(whole)}"
