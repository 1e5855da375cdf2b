"""What is promised for a ticket: when it is answered and solved, with pauses left out.

The fields are computed here, in the write itself; the plugin's clocks follow them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from loopline.sdk import Change, Context, RecordsChanging, Refuse, Set
from loopline_service.deadlines import before, calendar_of, end_of
from loopline_service.found import CAUSE, ENDED, HISTORIC, TICKET, WAITING, moment, text
from loopline_service.rules import SlaPolicy, sla_policies
from loopline_service.texts import texts

_DECIDES: Final = frozenset({"status", "priority", "received_at"})
_NORMAL: Final = "normal"
_COMPUTED: Final = (
    "policy",
    "first_response_due",
    "resolve_due",
    "warn_at",
    "counted_from",
    "waiting_since",
    "paused",
    "solved_at",
    "reopened",
    "satisfaction",
    "satisfaction_note",
    "satisfaction_at",
)
"""What nobody writes by hand: the plugin counts it, or the customer says it on their page."""
Values = Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """How the time of a ticket runs: from when, how much of it was paused, paused now since when.

    ``reopened`` says that it begins anew.
    """

    counted_from: datetime
    paused: timedelta
    waiting_since: datetime | None
    reopened: bool = False


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Set | Refuse]:
    """Yield what is promised for tickets that are made or changed, and refuse what is forged."""
    if event.via not in HISTORIC and not event.cause.get(CAUSE):
        yield from _forged(event)
    policies = sla_policies(ctx)
    judged = {name for one in policies if one.when for name in _names(ctx, one.when)}
    for change in event.changes:
        if event.action == "create" or change.fields & (_DECIDES | judged):
            yield from _promise(ctx, policies, change, event)


def _forged(event: RecordsChanging) -> Iterator[Refuse]:
    """Yield the refusal of computed fields that somebody wants to write."""
    for change in event.changes:
        for name in change.given.intersection(_COMPUTED):
            said = change.new.get(name) not in {None, 0}
            if name in change.fields and (said or change.old):
                yield Refuse(change, texts("ticket.computed"), name)


def policy_of(ctx: Context, policies: tuple[SlaPolicy, ...], values: Values) -> SlaPolicy | None:
    """Answer the policy that is for a ticket: the first that holds."""
    row = {"created_at": ctx.now, **values}
    return next((one for one in policies if ctx.matches(TICKET, one.when, [row])[0]), None)


def _promise(
    ctx: Context, policies: tuple[SlaPolicy, ...], change: Change, event: RecordsChanging
) -> Iterator[Set]:
    policy = policy_of(ctx, policies, change.new)
    received = moment(change.new, "received_at") or ctx.now
    opens = not event.cause.get("undo")  # an import that is taken back opens nothing again
    course = _course(ctx, policy, change, received, opens=opens)
    wanted: dict[str, object] = {
        "received_at": received,
        "counted_from": course.counted_from,
        "paused": int(course.paused.total_seconds()),
        "waiting_since": course.waiting_since,
        **_ended(ctx, change, course),
    }
    if text(change.new, "status") not in ENDED:
        wanted |= _ends(ctx, policy, change, received, course)
    for name, one in wanted.items():
        kept = event.via in HISTORIC and name in change.given
        if change.new.get(name) != one and not kept:
            yield Set(change, name, one)


def _course(
    ctx: Context, policy: SlaPolicy | None, change: Change, received: datetime, *, opens: bool
) -> Course:
    """Answer how the time of a ticket runs after a change of its status."""
    old, new = text(change.old, "status"), text(change.new, "status")
    since = moment(change.old, "waiting_since")
    paused = timedelta(seconds=_seconds(change.old))
    if opens and old in ENDED and new not in ENDED:
        waiting = ctx.now if new in WAITING else None
        return Course(
            counted_from=ctx.now, paused=timedelta(), waiting_since=waiting, reopened=True
        )
    moved = not change.old or "received_at" in change.fields
    start = received if moved else moment(change.old, "counted_from") or received
    if since is not None and new not in WAITING:
        due = moment(change.old, "resolve_due")
        if due is None or since < due:  # what was late before it waited stays late
            calendar = calendar_of(ctx, policy.calendar if policy else "")
            paused += calendar.working_between(since, ctx.now)
        since = None
    elif since is None and new in WAITING:
        since = ctx.now
    return Course(counted_from=start, paused=paused, waiting_since=since)


def _ended(ctx: Context, change: Change, course: Course) -> Values:
    """Answer what a ticket that is solved or opened again has noted."""
    entered = text(change.new, "status") in ENDED and text(change.old, "status") not in ENDED
    if course.reopened:
        times = change.old.get("reopened")
        return {"solved_at": None, "reopened": (times if isinstance(times, int) else 0) + 1}
    if not entered:
        return {}
    answered = moment(change.new, "first_responded_at") or ctx.now
    return {"solved_at": ctx.now, "first_responded_at": answered}


def _ends(
    ctx: Context,
    policy: SlaPolicy | None,
    change: Change,
    received: datetime,
    course: Course,
) -> Values:
    """Answer the promised times, blank where nothing is promised."""
    limits = policy.limits.get(text(change.new, "priority") or _NORMAL) if policy else None
    if policy is None or limits is None:
        return dict.fromkeys(("policy", "first_response_due", "resolve_due", "warn_at"))
    calendar = calendar_of(ctx, policy.calendar)
    wanted: dict[str, object] = {"policy": policy.label.to(ctx.language)}
    if moment(change.new, "first_responded_at") is None and not _was_late(change):
        limit = limits.first_response
        wanted["first_response_due"] = (
            end_of(calendar, received, limit, course.paused) if limit else None
        )
    resolve = limits.resolve
    due = end_of(calendar, course.counted_from, resolve, course.paused) if resolve else None
    warned = before(calendar, due, policy.warn) if due and policy.warn else None
    wanted["resolve_due"] = due
    wanted["warn_at"] = warned if warned and warned > course.counted_from else None
    return wanted


def _was_late(change: Change) -> bool:
    """Whether the first response was late before the ticket waited: a pause does not mend that."""
    since = moment(change.old, "waiting_since")
    due = moment(change.old, "first_response_due")
    return since is not None and due is not None and due <= since


def _seconds(values: Values) -> int:
    found = values.get("paused")
    return found if isinstance(found, int) else 0


def _names(ctx: Context, expression: str) -> Iterator[str]:
    """Yield the fields of tickets that an expression may name."""
    fields = ctx.document("entity", TICKET).body.get("fields", {})
    yield from (name for name in fields if name in expression)
