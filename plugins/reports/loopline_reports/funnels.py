"""A funnel written once: a measure for each stage of a pipeline, and what part goes on to the next.

The stages are those of the pipeline's document, so that a funnel follows it when stages are added,
renamed or retired.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from loopline.sdk import Context, Label, NotFound, NotValid, Problem
from loopline_reports.definition import Chart, Report, elements, label_of
from loopline_reports.texts import texts

_FACT: Final = "stages"
_LOST: Final = "lost"


def with_funnel(ctx: Context, report: Report) -> Report:
    """Answer a report with the measures of its funnel, itself where it has none.

    Raises NotValid where there is no such pipeline.
    """
    if not report.funnel:
        return report
    body = _pipeline(ctx, str(report.funnel["pipeline"]))
    stages = elements(body, "stages")
    on = [name for name, one in stages.items() if one.get("closes") != _LOST]
    lost = [name for name in stages if name not in on]
    made: dict[str, object] = {}
    for at, name in enumerate(on):
        reached = [*on[at:], *(lost if at == 0 else ())]
        made[name] = _reached(reached, str(report.funnel.get("where", "")), _label(stages, name))
    for before, after in pairwise(on):
        made[f"to_{after}"] = _share(stages, before, after)
    query = dict(report.query)
    dataset = dict(query["dataset"])
    dataset["facts"] = {**dataset.get("facts", {}), _FACT: {"history": report.funnel["pipeline"]}}
    query |= {"dataset": dataset, "measures": {**made, **query["measures"]}}
    return replace(
        report,
        query=query,
        pivot=replace(report.pivot, values=(*made, *report.pivot.values)),
        chart=report.chart or Chart(type="funnel", y=tuple(on)),
    )


def _pipeline(ctx: Context, name: str) -> Mapping[str, Any]:
    try:
        return ctx.document("pipeline", name).body
    except NotFound:
        message = texts("check.no_pipeline", name=name)
        params = {"plugin": "reports", "message": message}
        raise NotValid(Problem("funnel.pipeline", "plugin.refused", params)) from None


def _label(stages: Mapping[str, Mapping[str, Any]], name: str) -> Label:
    return label_of(stages[name].get("label"), name)


def _reached(stages: Sequence[str], where: str, label: Label) -> dict[str, object]:
    """Answer the measure of how many records came to any of some stages."""
    named = ", ".join(f'"{one}"' for one in stages)
    return {
        "aggregate": "count_distinct",
        "field": f"{_FACT}.record",
        "fact": _FACT,
        "where": f"to in [{named}]" + (f" && ({where})" if where.strip() else ""),
        "label": dict(label),
    }


def _share(stages: Mapping[str, Mapping[str, Any]], before: str, after: str) -> dict[str, object]:
    told = {"before": _label(stages, before), "after": _label(stages, after)}
    label = {language: texts("grid.share", **told).to(language) for language in ("zh", "en")}
    return {"formula": f"{after} / {before}", "format": "percent1", "label": label}
