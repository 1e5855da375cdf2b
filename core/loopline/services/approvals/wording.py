"""Whom a step asks, in words: a document names roles and paths."""

from loopline.access.context import Context
from loopline.meta.approvals import ApproverDef, StepDef

_BETWEEN = "; "


def in_words(ctx: Context, entity: str, step: StepDef | None, who: str) -> str:
    """Answer for people what a step could not find; names of people stay as they are."""
    if step is None:
        return who
    known = {one.told: one for one in step.approvers}
    language = ctx.actor.language
    parts = [
        approver_words(ctx, entity, known[one]) if one in known else one
        for one in who.split(_BETWEEN)
    ]
    if parts == [step.kind]:
        return step.label.to(language)
    return ctx.messages.say("ui.semicolon", language).join(parts)


def approver_words(ctx: Context, entity: str, approver: ApproverDef) -> str:
    """Answer what an approver is called: a role, people, or the end of a path of fields."""
    catalog, language = ctx.snapshot.catalog, ctx.actor.language
    if approver.source == "users":
        return approver.told
    if approver.source == "role":
        named = next((one.label for one in catalog.roles() if one.id == approver.value), None)
        return named.to(language) if named else approver.value
    said, at = "", entity
    for name in approver.path:
        field = catalog.entity(at).field(name) if catalog.has("entity", at) else None
        label = field.label.to(language) if field else name
        params = {"of": said, "name": label}
        said = ctx.messages.say("approval.who.of", language, **params) if said else label
        at = field.to if field else ""
    if approver.source == "department":
        return ctx.messages.say("approval.who.head", language, of=said)
    return said
