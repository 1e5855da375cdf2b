"""Following up: what the clock has done when nobody did, and what an activity changes.

When people are reminded, their managers told and leads passed on stands in the document
``clock/lead_follow_up``, not here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from loopline.sdk import Context, Record, Result
from loopline_leads.assignment import Assigner, Decision
from loopline_leads.leads import LEAD, row_of
from loopline_leads.moves import CAUSE, Move
from loopline_leads.people import Roster
from loopline_leads.pools import Pools
from loopline_leads.texts import told


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
