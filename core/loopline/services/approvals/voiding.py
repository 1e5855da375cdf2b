"""Voiding: a request whose record moved is for another record, and is asked again."""

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.language import Label
from loopline.services.approvals.case import Case, holds
from loopline.services.approvals.lock import locked_values, moved
from loopline.services.approvals.start import begin
from loopline.services.approvals.steps import finish
from loopline.services.approvals.telling import tell, tell_asker
from loopline.services.approvals.trail import note


def ask_again(ctx: Context, case: Case) -> None:
    """Void a request and make it anew, if its condition still holds; who approved is told."""
    now = locked_values(ctx, case.definition, case.record)
    fields = moved(case.request.locked, now)
    agreed = [
        one.decided_by
        for one in store.seats_of(ctx.connection, [case.request.id])
        if one.state == "approved" and one.decided_by is not None
    ]
    finish(ctx, case, "voided")
    labels = _labels(ctx, case, fields)
    note(ctx, case, "voided", comment=labels, fields=fields)
    case = case.as_of(ctx)
    again = holds(ctx, case.record, case.definition.when)
    what = "voided" if again else "lapsed"
    tell(ctx, case, what, [one for one in agreed if one != ctx.actor.id])
    tell_asker(ctx, case, what)
    if again:
        asker, said = case.request.submitted_by, case.request.comment
        begin(ctx, case.definition, case.record, asker, said)
    else:
        note(ctx, case, "not_needed")


def _labels(ctx: Context, case: Case, fields: list[str]) -> str:
    entity = ctx.snapshot.catalog.entity(case.record.entity)
    found = [entity.field(name) for name in fields]
    return Label.join(one.label for one in found if one is not None).to(ctx.actor.language)
