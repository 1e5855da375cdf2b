"""What a changed pool rule would take tonight: who loses what, before it is published."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from loopline.sdk import Context, NotValid, PageAnswer, PageRequest, Problem
from loopline_leads.asking import number, refused
from loopline_leads.forecast import NIGHT, Fate, forecast, taken
from loopline_leads.leads import night_after
from loopline_leads.people import Roster
from loopline_leads.pooled import POOLED
from loopline_leads.rules import PoolRule, all_pool_rules
from loopline_leads.soon_page import MOST, reason_of
from loopline_leads.tables import Cell, Input, Table, TablePage, record_href
from loopline_leads.texts import told


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """What goes tonight under the rules as they are and under a changed one."""

    at: datetime
    rule: PoolRule
    now: Sequence[Fate]
    then: Sequence[Fate]

    @property
    def spared(self) -> list[Fate]:
        """Answer what goes now and would stay."""
        going = {one.id for one in self.then}
        return [one for one in self.now if one.id not in going]


def preview(ctx: Context, rules: Sequence[PoolRule], changed: PoolRule) -> Preview:
    """Answer what the job of the coming night takes, and what it would with a changed rule.

    Raises NotValid for a condition that is none.
    """
    whole = ctx.elevated("preview of recycling")
    at = night_after(ctx.now, ctx.site_zone, NIGHT)
    what = POOLED[changed.entity]
    forecast(whole, [changed], [], at, what)  # tells a wrong condition also where nothing is
    mine = [one for one in rules if one.entity == changed.entity]
    others = [changed if one.id == changed.id else one for one in mine]
    now, then = (list(taken(whole, some, at, what=what)) for some in (mine, others))
    return Preview(at=at, rule=changed, now=now, then=then)


def preview_page(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page with the numbers of a rule to change, and who would lose what."""
    rules = all_pool_rules(ctx)
    if not rules:
        return TablePage(intro=ctx.say(told("preview.none"))).drawn(told("page.preview"))
    present = _chosen(rules, request.query)
    changed = _changed(present, request.query)
    tables: list[Table] = []
    problems: list[str] = []
    try:
        found = preview(ctx, rules, changed)
        tables = [
            _table(ctx, "then", changed, found.then),
            _table(ctx, "spared", changed, found.spared),
        ]
    except NotValid as error:
        problems = [_told(ctx, problem) for problem in error.problems]
    return TablePage(
        intro=ctx.say(told("preview.intro")),
        action="/leads/recycling/preview",
        inputs=list(_inputs(ctx, rules, changed)),
        submit=ctx.say(told("ask.preview")),
        problems=problems,
        tables=tables,
    ).drawn(told("page.preview"))


def preview_data(ctx: Context, request: PageRequest) -> Mapping[str, Any]:
    """Answer the same for programs. Raises BadRequest, NotValid."""
    rules = all_pool_rules(ctx)
    if not rules:
        raise refused("rule", told("preview.none"))
    found = preview(ctx, rules, _changed(_chosen(rules, request.query), request.query))
    return {
        "at": found.at.isoformat().replace("+00:00", "Z"),
        "rule": found.rule.id,
        "takes": [_item(one) for one in found.then],
        "spares": [_item(one) for one in found.spared],
    }


def _chosen(rules: Sequence[PoolRule], query: Mapping[str, str]) -> PoolRule:
    name = query.get("rule") or rules[0].id
    for one in rules:
        if one.id == name:
            return one
    raise refused("rule", told("ask.rule", name=name))


def _changed(rule: PoolRule, query: Mapping[str, str]) -> PoolRule:
    """Answer the rule with what the address changes.

    ``<rule>.exempt``, ``<rule>.<entry>.days`` and ``<rule>.<entry>.unless``. How long owners are
    protected is not among it: that was set when they got their leads.
    """
    entries = tuple(
        replace(
            one,
            days=max(1, number(query, f"{rule.id}.{one.id}.days", one.days)),
            unless=query.get(f"{rule.id}.{one.id}.unless", one.unless).strip(),
        )
        for one in rule.recycle
    )
    exempt = query.get(f"{rule.id}.exempt", rule.exempt).strip()
    return replace(rule, exempt=exempt, recycle=entries)


def _inputs(ctx: Context, rules: Sequence[PoolRule], rule: PoolRule) -> Iterator[Input]:
    names = [(one.id, ctx.say(one.label)) for one in rules]
    yield Input(name="rule", label=ctx.say(told("head.rule")), value=rule.id, options=names)
    for one in rule.recycle:
        label = ctx.say(told("ask.entry_days", entry=one.label))
        name = f"{rule.id}.{one.id}"
        yield Input(name=f"{name}.days", label=label, value=str(one.days), number=True)
        label = ctx.say(told("ask.entry_unless", entry=one.label))
        yield Input(name=f"{name}.unless", label=label, value=one.unless)
    label = ctx.say(told("ask.exempt"))
    yield Input(name=f"{rule.id}.exempt", label=label, value=rule.exempt)


def _table(ctx: Context, name: str, rule: PoolRule, fates: Sequence[Fate]) -> Table:
    roster = Roster(ctx)
    heads = [Cell(ctx.say(told(f"head.{one}"))) for one in ("owner", "record", "rule")]
    shown = sorted(fates[:MOST], key=lambda one: (roster.name(one.owner), one.id))
    rows = [
        [
            Cell(roster.name(one.owner)),
            Cell(ctx.title(rule.entity, one.id), record_href(rule.entity, one.id)),
            Cell(reason_of(ctx, one)),
        ]
        for one in shown
    ]
    title = ctx.say(told(f"preview.{name}", count=len(fates)))
    return Table(title=title, heads=heads, rows=rows, empty=ctx.say(told("preview.nothing")))


def _told(ctx: Context, problem: Problem) -> str:
    return ctx.say(
        told("preview.problem", place=problem.params.get("token", ""), code=problem.code)
    )


def _item(fate: Fate) -> Mapping[str, Any]:
    rule = f"{fate.pool.id}.{fate.entry.id}" if fate.pool and fate.entry else None
    return {"id": fate.id, "owner": fate.owner, "rule": rule}
