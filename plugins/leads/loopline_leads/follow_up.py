"""Following up: what the clock has done when nobody did, and what an activity changes.

When people are reminded, their managers told and leads passed on stands in the document
``clock/lead_follow_up``, not here.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from loopline.sdk import Context, NotFound, Record, RecordsChanged, Result
from loopline_leads.assignment import Assigner, Decision
from loopline_leads.leads import CUSTOMER, LEAD, day_of, row_of
from loopline_leads.moves import CAUSE, Move
from loopline_leads.people import Roster
from loopline_leads.pooled import CUSTOMERS
from loopline_leads.pools import Pools
from loopline_leads.texts import told

ACTIVITY: Final = "activity"
LAST: Final = "last_follow_up"
_UNTOUCHED: Final = ("new", "assigned")


def follow(ctx: Context, event: RecordsChanged) -> None:
    """Note in leads and customers what people did about them: a done activity is a follow-up."""
    if event.entity != ACTIVITY or event.action not in {"create", "update"}:
        return
    whole = ctx.elevated("follow-up")
    for change in event.changes:
        if change.id is not None:
            _follow(whole, change.id)


def _follow(ctx: Context, number: int) -> None:
    """Bring what an activity is about up to date; doing so again changes nothing."""
    try:
        activity = ctx.get(ACTIVITY, number)
        entity, _, about = str(activity.value("about") or "").partition(":")
        record = ctx.get(entity, int(about)) if entity and ctx.has("entity", entity) else None
    except NotFound:
        return  # deleted meanwhile
    at = activity.value("at")
    if record is None or not isinstance(at, datetime):
        return
    if entity == LEAD:
        _follow_lead(ctx, record, activity, at)
    elif activity.value("state") == "done":
        _follow_customer(ctx, record, at)


def _follow_lead(ctx: Context, lead: Record, activity: Record, at: datetime) -> None:
    changes = (
        _done(ctx, lead, at)
        if activity.value("state") == "done"
        else _planned(lead, at, ctx.site_zone)
    )
    if changes:
        ctx.update(LEAD, lead.id, changes)


def _follow_customer(ctx: Context, record: Record, at: datetime) -> None:
    """Note a follow-up in the customer that a record is, or that it names: a contact, a deal."""
    number = record.id if record.entity == CUSTOMER else record.values.get(CUSTOMER)
    if not isinstance(number, int):
        return
    try:
        customer = ctx.get(CUSTOMER, number)
    except NotFound:
        return
    last, when = CUSTOMERS.value(customer, LAST), min(at, ctx.now)
    if not isinstance(last, datetime) or when > last:
        ctx.update(CUSTOMER, number, {CUSTOMERS.field(LAST): when})


def _done(ctx: Context, lead: Record, at: datetime) -> Mapping[str, object]:
    last, when = lead.value(LAST), min(at, ctx.now)
    changes: dict[str, object] = {}
    if not isinstance(last, datetime) or when > last:
        changes[LAST] = when
    if lead.value("status") in _UNTOUCHED:
        changes["status"] = "contacted"
    return changes


def _planned(lead: Record, at: datetime, zone: str) -> Mapping[str, object]:
    day = day_of(at, zone)
    return {} if lead.value("next_follow_up") == day else {"next_follow_up": day}


def pass_on(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give leads to somebody else as the rules say, or back to their pool where none fits."""
    whole = ctx.elevated("pass on")
    owned = [one for one in records if one.value("owner") is not None]
    owners = [int(str(one.value("owner"))) for one in owned]
    rows = [row_of(one) for one in owned]
    barred = [[owner] for owner in owners]
    decisions = Assigner(whole).decide(rows, [ctx.now] * len(owned), barred)
    pools = Pools(whole)
    for one, decision, home in zip(owned, decisions, pools.homes(rows), strict=True):
        _pass(whole, pools, one, decision, home)
    return Result(told("done.pass_on", count=len(owned)))


def _pass(
    ctx: Context, pools: Pools, record: Record, decision: Decision | None, home: int | None
) -> None:
    owner = record.value("owner")
    who = Roster(ctx).name(owner if isinstance(owner, int) else None)
    if decision is None:
        why = told("why.late_pool", who=who, pool=pools.name(home))
        move = Move(move="reassign", why=why)
        changes: Mapping[str, object] = {"owner": None, "pool": home}
    else:
        why = told("why.late", who=who, why=decision.why)
        move = Move(move="reassign", rule=decision.rule, why=why)
        changes = {"owner": decision.owner, "pool": decision.pool or home}
    ctx.because(**{CAUSE: move}).update(LEAD, record.id, changes)
