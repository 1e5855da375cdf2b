"""Telling people: at once on their page of notifications, and by a job that writes a mail."""

from collections.abc import Iterable
from typing import Final

from loopline.access.accounts import administrators
from loopline.access.context import Context
from loopline.jobs.queue import enqueue
from loopline.services.approvals.case import Case
from loopline.services.approvals.substitutes import substitutes_today
from loopline.services.notifications import notify

TELL: Final = "approval.tell"


def tell(
    ctx: Context, case: Case, what: str, users: Iterable[int], seat: int | None = None
) -> None:
    """Have users told, once, what became of a request; ``seat`` is one they may decide on."""
    request, told = case.request.id, list(dict.fromkeys(users))
    key = "notify.approval" if what == "asked" else f"notify.approval_{what}"
    words = {"approval": dict(case.definition.label)}
    notify(ctx, told, key, words, case.record, event=f"approval:{request}:{what}:{seat or ''}")
    for user in told:
        payload = {"request": request, "what": what, "user": user, "seat": seat}
        once = f"{TELL}:{request}:{what}:{user}:{seat or ''}"
        enqueue(ctx.connection, TELL, payload, ctx.now, unique_key=once)


def tell_seat(ctx: Context, case: Case, user: int, seat: int, what: str = "asked") -> None:
    """Have whoever holds a seat told that it waits, and whoever may decide for them today."""
    others = sorted(substitutes_today(ctx, user))
    if case.definition.self_approval != "allow":
        others = [one for one in others if one != case.request.submitted_by]
    tell(ctx, case, what, [user, *others], seat)


def tell_asker(ctx: Context, case: Case, what: str) -> None:
    """Have whoever asked told what became of it, unless they did it themselves."""
    asker = case.request.submitted_by
    if asker is not None and asker != ctx.actor.id:
        tell(ctx, case, what, [asker])


def tell_administrators(ctx: Context, case: Case, what: str) -> None:
    """Have all administrators told."""
    known = administrators(ctx.connection)
    tell(ctx, case, what, [user for user, rules in known.items() if rules])
