"""What saving a record did to its approvals, told to whoever saved."""

from collections.abc import Sequence

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.services.approvals.case import definition_of
from loopline.store.approvals import Request


def live_of(ctx: Context, entity: str, record: int) -> Sequence[Request]:
    """Answer the requests of a record that wait or hold; none where its entity has no approvals."""
    if entity not in ctx.snapshot.catalog.approvals:
        return ()
    return store.live_requests(ctx.connection, entity, [record])


def voided_since(ctx: Context, before: Sequence[Request]) -> str:
    """Answer in words which of the requests that were live are void now; empty for none."""
    if not before:
        return ""
    say, language = ctx.messages.say, ctx.actor.language
    live = live_of(ctx, before[0].entity, before[0].record)
    again = {one.document for one in live}
    found = store.requests_by_id(ctx.connection, {one.id for one in before})
    return say("ui.semicolon", language).join(
        say(
            "approval.saved.voided" if one.document in again else "approval.saved.lapsed",
            language,
            approval=definition_of(ctx, one).label.to(language),
        )
        for one in found.values()
        if one.state == "voided"
    )
