"""The nightly job: it takes exactly what the forecast shows for its moment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import Any, Final

from loopline.sdk import Context
from loopline_leads.forecast import Fate, taken
from loopline_leads.leads import CHUNK, LEAD
from loopline_leads.moves import CAUSE, Move
from loopline_leads.people import Roster
from loopline_leads.pooled import POOLED
from loopline_leads.pools import Pools
from loopline_leads.texts import told

RECYCLE: Final = "leads.recycle"


def recycle(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Take back what is due, some records a transaction; the rest follows in a further job.

    ``payload`` holds the moment of the night, the entity, and the last record that was looked at;
    the job of the night itself begins with leads and asks for one for each other entity. What was
    taken has no owner any more, so that a second run takes nothing of it again.
    """
    whole = ctx.elevated("recycling")
    at = datetime.fromisoformat(payload["at"]) if "at" in payload else ctx.now
    if "entity" not in payload:
        for entity in POOLED:
            if entity != LEAD:
                _go_on(ctx, at, entity, 0)
    pools = Pools(whole, what=POOLED[payload.get("entity", LEAD)])
    after = int(payload.get("after", 0))
    due = list(islice(taken(whole, pools.rules, at, after, pools.what), CHUNK))
    take(whole, pools, due)
    if len(due) == CHUNK:
        _go_on(ctx, at, pools.what.entity, due[-1].id)


def _go_on(ctx: Context, at: datetime, entity: str, after: int) -> None:
    """Ask for a further job of the same night."""
    key = f"recycle:{at.isoformat()}:{entity}:{after}"
    further = {"at": at.isoformat(), "entity": entity, "after": after}
    ctx.enqueue(RECYCLE, further, unique_key=key)


def take(ctx: Context, pools: Pools, due: Sequence[Fate]) -> None:
    """Put records into the pools that their rules name, each told by which entry."""
    roster = Roster(ctx)
    ordered = sorted(due, key=_reason)
    for (_, entry_id, owner), some in groupby(ordered, key=_reason):
        fates = list(some)
        ids = [fate.id for fate in fates]
        rule, entry = fates[0].pool, fates[0].entry
        if rule is None or entry is None:
            continue
        pool = pools.by_code(entry.to or rule.pool)
        why = told(
            "why.recycle",
            rule=rule.label,
            entry=entry.label,
            who=roster.name(owner),
            pool=pools.name(pool),
        )
        move = Move(move="recycle", rule=f"{rule.id}.{entry_id}", why=why)
        freed = {"owner": None, pools.what.field("pool"): pool}
        ctx.because(**{CAUSE: move}).update_many(pools.what.entity, dict.fromkeys(ids, freed))


def _reason(fate: Fate) -> tuple[str, str, int]:
    pool = fate.pool.id if fate.pool else ""
    return pool, fate.entry.id if fate.entry else "", fate.owner or 0
