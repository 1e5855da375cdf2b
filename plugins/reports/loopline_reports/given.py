"""A report that somebody sends instead of naming one, checked as a document is."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from loopline.sdk import Context, Document, NotValid, Problem
from loopline_reports.checking import report_problems
from loopline_reports.definition import Report, read_report
from loopline_reports.funnels import with_funnel
from loopline_reports.kinds import FOLDER, REPORT
from loopline_reports.running import report_named
from loopline_reports.texts import texts

_SHARED: Final = "common.schema.json"
_ANY: Final[Mapping[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$defs": {
        "id": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,40}$"},
        "label": {"type": ["string", "object"]},
        "line": {"type": "string"},
        "scalar": {"type": ["string", "number", "boolean", "null"]},
    },
}
"""What the shared schemas of documents say, as far as a report refers to them."""
_HEADER: Final = {"kind": REPORT, "id": "given", "format": 1}


def report_given(ctx: Context, body: Mapping[str, Any]) -> Report:
    """Answer the report that ``name`` names or ``report`` holds. Raises NotFound, NotValid."""
    if isinstance(body.get("name"), str):
        return report_named(ctx, body["name"])
    raw = body.get("report")
    if not isinstance(raw, Mapping):
        raise NotValid(_problem("report", "body.either"))
    whole = {"label": "", **raw, **_HEADER}
    problems = [
        _problem(f"report.{place}", "body.malformed", place=place, reason=reason)
        for place, reason in _misfits(whole)
    ]
    if problems:
        raise NotValid(*problems)
    report = with_funnel(ctx, read_report(Document(REPORT, "given", whole)))
    wrong = [
        Problem(f"report.{place}", "plugin.refused", {"plugin": "reports", "message": message})
        for place, message in report_problems(report)
    ]
    if wrong:
        raise NotValid(*wrong)
    return report


def _misfits(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    schema = json.loads((FOLDER / f"{REPORT}.schema.json").read_text(encoding="utf-8"))
    schema["properties"] |= {"kind": True, "id": True, "format": True}
    registry: Registry[Any] = Registry().with_resource(_SHARED, Resource.from_contents(_ANY))
    for error in Draft202012Validator(schema, registry=registry).iter_errors(body):
        yield ".".join(str(part) for part in error.absolute_path), error.message[:200]


def _problem(at: str, key: str, **params: object) -> Problem:
    return Problem(at, "plugin.refused", {"plugin": "reports", "message": texts(key, **params)})
