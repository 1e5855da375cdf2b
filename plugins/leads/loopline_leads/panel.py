"""The box beside a record: whose it is and why, until when protected, when it is recycled."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Literal

from loopline.sdk import Context, Label, Panel, Showing, quoted
from loopline_leads.forecast import NIGHT, Fate, forecast
from loopline_leads.leads import LOG, day_of, night_after, row_of
from loopline_leads.pooled import LEADS, POOLED, Pooled
from loopline_leads.pools import Pools
from loopline_leads.texts import told

Line = tuple[Label | str, str]


def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the panel of a lead, and of a customer that pools are about; else nothing."""
    what = POOLED.get(event.entity)
    if what is None:
        return ()
    whole = ctx.elevated("recycle forecast")
    record, pools = whole.get(what.entity, event.id), Pools(whole, what=what)
    row = row_of(record)
    pool = what.value(row, "pool")
    if what is not LEADS and pool is None and not pools.rules:
        return ()
    fate = forecast(whole, pools.rules, [row], ctx.now, what)[0]
    lines = [*_fate_lines(ctx, pools, pool, fate)]
    lines += _protection(ctx, what.value(row, "protected_until"))
    lines += _last_move(whole, what, event.id, ctx.language)
    return [Panel(title=told("fate.title"), lines=tuple(lines), tone=_tone(ctx, fate))]


def told_fate(ctx: Context, pools: Pools, pool: object, fate: Fate) -> Label:
    """Answer in words what awaits a record."""
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


def _protection(ctx: Context, until: object) -> Iterator[Line]:
    if isinstance(until, datetime) and until > ctx.now:
        yield told("fate.protected"), day_of(until, ctx.site_zone).isoformat()


def _last_move(ctx: Context, what: Pooled, number: int, language: str) -> Iterator[Line]:
    text = f"record == {quoted(f'{what.entity}:{number}')}"
    for one in ctx.find(LOG, text, sort=["-id"], limit=1):
        name = one.value("name_en") if language == "en" else one.value("name")
        yield told("fate.why"), str(name or one.value("name") or "")


def _tone(ctx: Context, fate: Fate) -> Literal["", "warn"]:
    if fate.exempt is not None or fate.due is None or fate.pool is None:
        return ""
    return "warn" if fate.due <= ctx.now + timedelta(days=fate.pool.warn_days) else ""
