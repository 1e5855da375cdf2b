"""Whether rules name what there is, asked before a release with them is published."""

from collections.abc import Iterable, Iterator, Mapping
from string import Formatter
from typing import Any

from loopline.sdk import Context, Document, Label, Publishing, Refuse
from loopline_loyalty.entries import MEMBER
from loopline_loyalty.kinds import CARE_PLAN, POINTS_RULE, SURVEY, TIER
from loopline_loyalty.questions import label, read_survey
from loopline_loyalty.rules import read_points_rule
from loopline_loyalty.texts import texts


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield a refusal for each thing that rules of the release get wrong."""
    entity = next((one for one in event.resolved if (one.kind, one.id) == ("entity", MEMBER)), None)
    options = _options(entity or ctx.document("entity", MEMBER))
    for document in event.resolved:
        for message in _problems(document, options):
            yield Refuse(None, message, place=f"{document.kind}/{document.id}")


def _problems(document: Document, options: frozenset[str]) -> Iterator[Label]:
    if document.kind == TIER and document.id not in options:
        yield texts("publish.tier", name=document.id)
    elif document.kind == POINTS_RULE:
        yield from _of_rule(document, options)
    elif document.kind == SURVEY:
        yield from _of_survey(document)
    elif document.kind == CARE_PLAN:
        yield from _of_plan(document)


def _of_rule(document: Document, options: frozenset[str]) -> Iterator[Label]:
    rule = read_points_rule(document)
    for name in rule.tiers:
        if name not in options:
            yield texts("publish.tier_of_rule", rule=rule.id, name=name)
    if rule.starts and rule.ends and rule.ends < rule.starts:
        yield texts("publish.dates", rule=rule.id)


def _of_survey(document: Document) -> Iterator[Label]:
    yield from _placeholders(document, {"name", "site", "link"})
    for one in read_survey(document).questions:
        if one.type == "choice" and not one.options:
            yield texts("publish.options", name=document.id, question=one.id)


def _of_plan(document: Document) -> Iterator[Label]:
    body = document.body
    yield from _placeholders(document, {"name", "site", "unsubscribe"})
    if not (body.get("birthday") or body.get("dates") or body.get("after")):
        yield texts("publish.occasion", name=document.id)
    if any("{unsubscribe}" not in one for one in label(body["mail"]["text"]).values()):
        yield texts("publish.unsubscribe", name=document.id)


def _placeholders(document: Document, known: set[str]) -> Iterator[Label]:
    """Yield what the texts of a mail name that nothing fills in."""
    mail: Mapping[str, Any] = document.body.get("mail") or {}
    for said in (text for one in mail.values() for text in label(one).values()):
        try:
            named = {field for _, field, _, _ in Formatter().parse(said) if field is not None}
        except ValueError:
            named = {said[:40]}
        for field in sorted(named - known):
            params = {"kind": document.kind, "name": document.id, "field": f"{{{field}}}"}
            yield texts("publish.placeholder", **params)


def _options(entity: Document) -> frozenset[str]:
    return frozenset(entity.body["fields"]["tier"]["options"])
