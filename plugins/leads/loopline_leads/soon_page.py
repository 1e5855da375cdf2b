"""What recycles soon: the forecast of the leads that the viewer may read."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from typing import Any, Final

from loopline.sdk import Context, PageAnswer, PageRequest
from loopline_leads.asking import number
from loopline_leads.forecast import NIGHT, Fate, taken
from loopline_leads.leads import LEAD, OPEN, day_of, each, night_after
from loopline_leads.people import Roster
from loopline_leads.rules import pool_rules
from loopline_leads.tables import Cell, Input, Table, TablePage, record_href
from loopline_leads.texts import told

USUAL_DAYS: Final = 7
MOST: Final = 500


def soon_page(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: which leads go within some days, when and by which rule."""
    days = number(request.query, "days", USUAL_DAYS)
    roster = Roster(ctx)
    table = Table(
        heads=[Cell(ctx.say(told(f"head.{name}"))) for name in ("lead", "owner", "night", "rule")],
        rows=[_row(ctx, roster, fate) for fate in islice(_soon(ctx, days), MOST)],
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
    return {"days": days, "items": [_item(ctx, fate) for fate in islice(_soon(ctx, days), MOST)]}


def _soon(ctx: Context, days: int) -> Iterator[Fate]:
    """Yield the fates of what goes within some days and may be read, the first night first."""
    whole = ctx.elevated("recycle forecast")
    mine = {one.id for one in each(ctx, LEAD, f"!is_blank(owner) && {OPEN}")}
    until = ctx.now + timedelta(days=days)
    found = [one for one in taken(whole, pool_rules(ctx), until) if one.id in mine]
    return iter(sorted(found, key=lambda one: (one.due or until, one.id)))


def night_of(ctx: Context, fate: Fate) -> str:
    """Answer the day in whose night a lead goes."""
    night = night_after(max(fate.due or ctx.now, ctx.now), ctx.site_zone, NIGHT)
    return day_of(night, ctx.site_zone).isoformat()


def reason_of(ctx: Context, fate: Fate) -> str:
    """Answer the rule and the entry that take a lead."""
    if fate.pool is None or fate.entry is None:
        return ""
    return f"{ctx.say(fate.pool.label)} · {ctx.say(fate.entry.label)}"


def _row(ctx: Context, roster: Roster, fate: Fate) -> list[Cell]:
    return [
        Cell(ctx.title(LEAD, fate.id), record_href(LEAD, fate.id)),
        Cell(roster.name(fate.owner)),
        Cell(night_of(ctx, fate)),
        Cell(reason_of(ctx, fate)),
    ]


def _item(ctx: Context, fate: Fate) -> Mapping[str, Any]:
    return {
        "id": fate.id,
        "owner": fate.owner,
        "due": fate.due.isoformat().replace("+00:00", "Z") if fate.due else None,
        "night": night_of(ctx, fate),
        "rule": f"{fate.pool.id}.{fate.entry.id}" if fate.pool and fate.entry else None,
    }
