"""The box beside a lead: whose it is and why, until when it is protected, when it is recycled."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from loopline.sdk import Context, Label, Panel, Showing
from loopline_leads.forecast import NIGHT, Fate, forecast
from loopline_leads.leads import LEAD, LOG, day_of, night_after, quoted, row_of
from loopline_leads.pools import Pools
from loopline_leads.texts import told

Line = tuple[Label | str, str]


def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the panel of a lead; nothing beside other records."""
    if event.entity != LEAD:
        return ()
    whole = ctx.elevated("recycle forecast")
    record, pools = whole.get(LEAD, event.id), Pools(whole)
    row = row_of(record)
    fate = forecast(whole, pools.rules, [row], ctx.now)[0]
    lines = [*_fate_lines(ctx, pools, row.get("pool"), fate), *_protection(ctx, row)]
    lines += _last_move(whole, event.id, ctx.language)
    return [Panel(title=told("fate.title"), lines=tuple(lines), tone=_tone(ctx, fate))]


def told_fate(ctx: Context, pools: Pools, pool: object, fate: Fate) -> Label:
    """Answer in words what awaits a lead."""
    if fate.owner is None:
        return told("fate.unowned", pool=pools.name(pool))
    if fate.exempt is not None:
        return fate.exempt
    if fate.due is None or fate.pool is None or fate.entry is None:
        return told("fate.never")
    night = night_after(max(fate.due, ctx.now), ctx.site_zone, NIGHT)
    day = day_of(night, ctx.site_zone).isoformat()
    return told("fate.when", day=day, rule=fate.pool.label, entry=fate.entry.label)


def _fate_lines(ctx: Context, pools: Pools, pool: object, fate: Fate) -> Iterator[Line]:
    yield told("fate.recycles"), told_fate(ctx, pools, pool, fate).to(ctx.language)


def _protection(ctx: Context, row: object) -> Iterator[Line]:
    until = row.get("protected_until") if isinstance(row, dict) else None
    if isinstance(until, datetime) and until > ctx.now:
        yield told("fate.protected"), day_of(until, ctx.site_zone).isoformat()


def _last_move(ctx: Context, lead: int, language: str) -> Iterator[Line]:
    text = f"record == {quoted(f'{LEAD}:{lead}')}"
    for one in ctx.find(LOG, text, sort=["-id"], limit=1):
        name = one.value("name_en") if language == "en" else one.value("name")
        yield told("fate.why"), str(name or one.value("name") or "")


def _tone(ctx: Context, fate: Fate) -> Literal["", "warn"]:
    if fate.exempt is not None or fate.due is None or fate.pool is None:
        return ""
    return "warn" if fate.due <= ctx.now + timedelta(days=fate.pool.warn_days) else ""
