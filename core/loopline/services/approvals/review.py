"""Review: steps whose people can decide no more are found; those whose code is back are asked.

A seat stays with whoever was asked. Where they are made inactive or lose the right to read, and
nobody stands in for them today, the step might wait for ever. Another is stuck because its plugin
was disabled or not there. Both are looked at every hour, and at once when a user is written or a
release enables plugins.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.jobs.queue import Job, enqueue
from loopline.jobs.worker import Handler
from loopline.meta.release import Release
from loopline.query.titles import titles
from loopline.services.approvals.case import Case, open_case
from loopline.services.approvals.people import can_decide
from loopline.services.approvals.plugin_steps import GONE, step_kinds
from loopline.services.approvals.steps import reopen, stick_open
from loopline.services.approvals.substitutes import substitutes_today
from loopline.services.approvals.verdict import SIGNER
from loopline.store.approvals import Seat, Step

REVIEW: Final = "approval.review"
_USER: Final = "user"
Opener = Callable[..., AbstractContextManager[Context]]


def review_soon(ctx: Context, entity: str, action: str) -> None:
    """Have open steps looked at once this transaction is committed, if it wrote users."""
    if entity == _USER and action != "create":
        _enqueue(ctx)


def review_published(ctx: Context, release: Release) -> None:
    """Have stuck steps looked at once this is committed, if a release enables plugins."""
    added = set(release.plugins) - set(ctx.snapshot.catalog.release.plugins)
    if added and store.stuck_steps(ctx.connection, 1):
        _enqueue(ctx)


def _enqueue(ctx: Context) -> None:
    enqueue(ctx.connection, REVIEW, {}, ctx.now, unique_key=REVIEW)


def review_handlers(opener: Opener) -> Mapping[str, Handler]:
    """Answer the job that looks at each step that is open or stuck, in a transaction of its own."""

    def look(_job: Job) -> None:
        with opener(via="job") as ctx:
            found = store.unfinished_requests(ctx.connection)
        for number in found:
            with opener(via="job", source=f"approval:{number}") as ctx:
                _review(ctx, number)

    return {REVIEW: look}


def _review(ctx: Context, number: int) -> None:
    try:
        case = open_case(ctx, number)
    except LooplineError:
        return  # the record or the document is gone: there is nobody to ask
    if case.request.state != "pending":
        return
    reached = store.steps_of(ctx.connection, [number])
    for step in [one for one in reached if one.state == "stuck"]:
        _ask_if_back(ctx, case, step)
    seats = store.seats_of(ctx.connection, [number])
    for step in [one for one in reached if one.state == "open"]:
        own = [one for one in seats if one.step == step.id]
        gone = [one for one in own if one.state == "waiting" and not _reachable(ctx, case, one)]
        if gone and _is_lost(step, own, gone):
            people = titles(ctx, _USER, {one.user_id for one in gone})
            names = (people.get(one.user_id, f"#{one.user_id}") for one in gone)
            stick_open(ctx, case, step, "; ".join(names), [one.user_id for one in gone])


def _ask_if_back(ctx: Context, case: Case, step: Step) -> None:
    """Ask a step again that is stuck because its code was not there, if it is now."""
    definition = case.definition.step(step.step)
    gone = step.reason is not None and step.reason[0] == GONE
    if gone and definition is not None and definition.kind in step_kinds(ctx.calls):
        reopen(ctx, case, definition)


def _reachable(ctx: Context, case: Case, seat: Seat) -> bool:
    """Whether anybody can decide on a seat today."""
    users = (seat.user_id, *sorted(substitutes_today(ctx, seat.user_id)))
    return any(can_decide(ctx, case.record, one) for one in users)


def _is_lost(step: Step, seats: Sequence[Seat], gone: Sequence[Seat]) -> bool:
    """Whether a step cannot pass without those who are gone."""
    if step.mode not in {"any", "count"} or any(one.origin == SIGNER for one in gone):
        return True
    still = [one for one in seats if one.state in {"waiting", "queued", "approved"}]
    needed = step.needed if step.mode == "count" else 1
    return len([one for one in still if one.origin != SIGNER]) - len(gone) < needed
