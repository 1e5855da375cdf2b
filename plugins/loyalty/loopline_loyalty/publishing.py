"""Whether rules name what there is, asked before a release with them is published."""

from collections.abc import Iterable, Iterator

from loopline.sdk import Context, Document, Label, Publishing, Refuse
from loopline_loyalty.entries import MEMBER
from loopline_loyalty.kinds import POINTS_RULE, TIER
from loopline_loyalty.rules import read_points_rule
from loopline_loyalty.texts import texts


def refusals(ctx: Context, event: Publishing) -> Iterable[Refuse]:
    """Yield a refusal for each thing that rules of the release get wrong."""
    entity = next((one for one in event.resolved if (one.kind, one.id) == ("entity", MEMBER)), None)
    options = _options(entity or ctx.document("entity", MEMBER))
    for document in event.resolved:
        if document.kind == TIER and document.id not in options:
            yield Refuse(None, texts("publish.tier", name=document.id))
        elif document.kind == POINTS_RULE:
            yield from (Refuse(None, one) for one in _of_rule(document, options))


def _of_rule(document: Document, options: frozenset[str]) -> Iterator[Label]:
    rule = read_points_rule(document)
    for name in rule.tiers:
        if name not in options:
            yield texts("publish.tier_of_rule", rule=rule.id, name=name)
    if rule.starts and rule.ends and rule.ends < rule.starts:
        yield texts("publish.dates", rule=rule.id)


def _options(entity: Document) -> frozenset[str]:
    return frozenset(entity.body["fields"]["tier"]["options"])
