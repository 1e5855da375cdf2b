"""Who acts where an approval comes to something: whoever decided, else the approval itself."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import SYSTEM, Context
from loopline.meta.approval_effects import Outcome
from loopline.services.approvals.case import Case, definition_of

_SOURCE: Final = "approval:"
_OF_SEATS: Final = frozenset({"approved", "rejected"})
"""Outcomes to which somebody's decision leads; all others are somebody's own act."""


def by_itself(ctx: Context) -> Context:
    """Answer the context in which nobody acts but the process; it speaks as whoever is there."""
    actor = ctx.actor
    return replace(ctx, actor=replace(SYSTEM, language=actor.language, zone=actor.zone))


def acting_at(ctx: Context, case: Case, outcome: Outcome) -> Context:
    """Answer who an outcome is due to: whoever acts, or nobody where none of the seats led to it.

    A request whose steps pass by condition or by a plugin alone is not decided by its submitter.
    """
    seats = store.seats_of(ctx.connection, [case.request.id])
    decided = outcome not in _OF_SEATS or any(one.state == outcome for one in seats)
    return ctx if decided else by_itself(ctx)


def process_names(ctx: Context, sources: Collection[str]) -> Mapping[str, str]:
    """Answer what to call the approvals that wrote, by the source of their writes."""
    say, language = ctx.messages.say, ctx.actor.language
    numbers = {one: one.removeprefix(_SOURCE) for one in sources if one.startswith(_SOURCE)}
    wanted = {source: int(number) for source, number in numbers.items() if number.isdecimal()}
    known = store.requests_by_id(ctx.connection, set(wanted.values())) if wanted else {}
    return {
        source: say(
            "approval.itself",
            language,
            approval=definition_of(ctx, known[number]).label.to(language),
        )
        for source, number in wanted.items()
        if number in known
    }
