"""Owners are told some days before a record goes, so that they can follow up in time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from loopline.sdk import Context, Label
from loopline_leads.forecast import Fate, taken
from loopline_leads.leads import day_of
from loopline_leads.panel import told_fate
from loopline_leads.pooled import POOLED, Pooled
from loopline_leads.pools import Pools
from loopline_leads.texts import told

WARN: Final = "leads.warn"
MOST_SINGLY: Final = 5
"""So many records are told one by one; more of one owner in one line."""


def warn(ctx: Context, payload: Mapping[str, Any]) -> None:
    """Tell owners what goes within the ``warn_days`` of its rule; the same is told once only."""
    whole = ctx.elevated("warning of recycling")
    for what in POOLED.values():
        pools = Pools(whole, what=what)
        owners: dict[int, list[Fate]] = {}
        for fate in going(whole, pools):
            owners.setdefault(fate.owner or 0, []).append(fate)
        for owner, fates in owners.items():
            _tell(whole, pools, owner, fates)


def going(ctx: Context, pools: Pools) -> Iterator[Fate]:
    """Yield what goes so soon that its rule has the owner told."""
    rules = pools.rules
    longest = max((rule.warn_days for rule in rules), default=0)
    if not longest:
        return
    for fate in taken(ctx, rules, ctx.now + timedelta(days=longest), what=pools.what):
        days = fate.pool.warn_days if fate.pool else 0
        if days and fate.taken_at(ctx.now + timedelta(days=days)):
            yield fate


def _tell(ctx: Context, pools: Pools, owner: int, fates: Sequence[Fate]) -> None:
    """Tell one owner: each record by itself, or in one line how many."""
    entity = pools.what.entity
    if len(fates) > MOST_SINGLY:
        plural = Label(ctx.document("entity", entity).body["plural"])
        text = told("warn.many", count=len(fates), entity=plural)
        ctx.messages.notify([owner], text, entity, event=_event(ctx, pools.what, fates))
        return
    for fate in fates:
        record = ctx.get(entity, fate.id)
        fate_told = told_fate(ctx, pools, pools.what.value(record, "pool"), fate)
        text = told("warn.one", title=ctx.title(entity, fate.id), fate=fate_told)
        ctx.messages.notify([owner], text, record, event=_event(ctx, pools.what, [fate]))


def _event(ctx: Context, what: Pooled, fates: Sequence[Fate]) -> str:
    """Answer what names that just these records go on just these days."""
    days = [f"{one.id}:{day_of(one.due, ctx.site_zone)}" for one in fates if one.due is not None]
    return f"goes:{what.entity}:{sha256(' '.join(days).encode()).hexdigest()[:32]}"
