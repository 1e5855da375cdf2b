"""Tag rules over HTTP: what each would do now, and having all of them run."""

from typing import Any, Final

from loopline.access.context import Context
from loopline.jobs.queue import enqueue
from loopline.services.metadata import require_configure
from loopline.services.tagging import RUN, RulePreview, preview
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute


def list_rules(ctx: Context, request: ApiRequest) -> Answer:
    """Answer every rule with who would get and lose its tag. Raises Forbidden."""
    require_configure(ctx)
    found = preview(ctx, request.query.get("rule", ""))
    return Answer(content={"items": [_shape(one) for one in found]})


def run_rules(ctx: Context, request: ApiRequest) -> Answer:
    """Have a worker run all rules now. Raises Forbidden."""
    require_configure(ctx)
    started = enqueue(ctx.connection, RUN, {}, ctx.now, unique_key=RUN)
    return Answer(content={"started": started}, status=202)


def _shape(one: RulePreview) -> dict[str, Any]:
    rule = one.rule.rule
    return {
        "rule": rule.key,
        "label": dict(rule.label),
        "entity": rule.entity,
        "field": one.rule.field.id,
        "when": rule.when,
        "tag": rule.tag,
        "gains": one.gains,
        "loses": one.loses,
        "gaining": [{"id": number, "title": title} for number, title in one.gaining.items()],
        "losing": [{"id": number, "title": title} for number, title in one.losing.items()],
    }


ROUTES: Final = (
    ApiRoute(
        method="GET",
        path="/tags/rules",
        handler=list_rules,
        scope="metadata",
        summary="What tag rules would do now",
        parameters=("rule",),
    ),
    ApiRoute(
        method="POST",
        path="/tags/rules/run",
        handler=run_rules,
        scope="metadata",
        summary="Run all tag rules",
        success=202,
    ),
)
