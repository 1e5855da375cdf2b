"""What recycles soon: the forecast of the leads and customers that the viewer may read."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from loopline.sdk import Context, Forbidden, PageAnswer, PageRequest
from loopline_leads.asking import number
from loopline_leads.forecast import NIGHT, Fate, taken
from loopline_leads.leads import day_of, night_after
from loopline_leads.people import Roster
from loopline_leads.pooled import POOLED, Pooled, both
from loopline_leads.rules import pool_rules
from loopline_leads.tables import Cell, Input, Table, TablePage, record_href
from loopline_leads.texts import told

USUAL_DAYS: Final = 7
MOST: Final = 500


def soon_page(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: which records go within some days, when and by which rule."""
    days = number(request.query, "days", USUAL_DAYS)
    roster = Roster(ctx)
    table = Table(
        heads=[
            Cell(ctx.say(told(f"head.{name}"))) for name in ("record", "owner", "night", "rule")
        ],
        rows=[_row(ctx, roster, what, fate) for what, fate in islice(_soon(ctx, days), MOST)],
        empty=ctx.say(told("soon.empty", days=days)),
    )
    asked = Input(name="days", label=ctx.say(told("ask.days")), value=str(days), number=True)
    return TablePage(
        intro=ctx.say(told("soon.intro")),
        action="/leads/recycling",
        inputs=[asked],
        submit=ctx.say(told("ask.show")),
        tables=[table],
    ).drawn(told("page.soon"))


def soon_data(ctx: Context, request: PageRequest) -> Mapping[str, Any]:
    """Answer the same for programs."""
    days = number(request.query, "days", USUAL_DAYS)
    found = islice(_soon(ctx, days), MOST)
    return {"days": days, "items": [_item(ctx, what, fate) for what, fate in found]}


def _soon(ctx: Context, days: int) -> Iterator[tuple[Pooled, Fate]]:
    """Yield the fates of what goes within some days and may be read, the first night first."""
    until = ctx.now + timedelta(days=days)
    found = [(what, one) for what in POOLED.values() for one in _going(ctx, what, until)]
    return iter(sorted(found, key=lambda one: (one[1].due or until, one[0].entity, one[1].id)))


def _going(ctx: Context, what: Pooled, until: datetime) -> Iterator[Fate]:
    """Yield what goes until a moment of one entity, as far as it may be read."""
    rules, whole = pool_rules(ctx, what.entity), ctx.elevated("recycle forecast")
    going = list(taken(whole, rules, until, what=what))
    owned = both("!is_blank(owner)", what.open)
    mine = (
        {one.id for one in ctx.every(what.entity, owned)}
        if going and may_read(ctx, what)
        else set()
    )
    return (one for one in going if one.id in mine)


def may_read(ctx: Context, what: Pooled) -> bool:
    """Whether the viewer may read records of the entity at all."""
    try:
        ctx.find(what.entity, limit=1)
    except Forbidden:
        return False
    return True


def night_of(ctx: Context, fate: Fate) -> str:
    """Answer the day in whose night a record goes."""
    night = night_after(max(fate.due or ctx.now, ctx.now), ctx.site_zone, NIGHT)
    return day_of(night, ctx.site_zone).isoformat()


def reason_of(ctx: Context, fate: Fate) -> str:
    """Answer the rule and the entry that take a record."""
    if fate.pool is None or fate.entry is None:
        return ""
    return f"{ctx.say(fate.pool.label)} · {ctx.say(fate.entry.label)}"


def _row(ctx: Context, roster: Roster, what: Pooled, fate: Fate) -> list[Cell]:
    return [
        Cell(ctx.title(what.entity, fate.id), record_href(what.entity, fate.id)),
        Cell(roster.name(fate.owner)),
        Cell(night_of(ctx, fate)),
        Cell(reason_of(ctx, fate)),
    ]


def _item(ctx: Context, what: Pooled, fate: Fate) -> Mapping[str, Any]:
    return {
        "entity": what.entity,
        "id": fate.id,
        "owner": fate.owner,
        "due": fate.due.isoformat().replace("+00:00", "Z") if fate.due else None,
        "night": night_of(ctx, fate),
        "rule": f"{fate.pool.id}.{fate.entry.id}" if fate.pool and fate.entry else None,
    }
