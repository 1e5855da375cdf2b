"""A trial of assignment rules: where the leads of the last 30 days would have gone."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from loopline.sdk import Context, PageAnswer, PageRequest
from loopline_leads.asking import number, refused
from loopline_leads.assignment import TRIAL_DAYS, Trial, trial
from loopline_leads.leads import LEAD
from loopline_leads.people import Roster
from loopline_leads.rules import AssignmentRule, all_assignment_rules
from loopline_leads.soon_page import MOST
from loopline_leads.tables import Cell, Input, Table, TablePage, record_href
from loopline_leads.texts import told

_HEADS: Final = ("lead", "owner", "would", "why")


def trial_page(ctx: Context, request: PageRequest) -> PageAnswer:
    """Answer the page: how many each would have got, and each lead with its reason."""
    days, rules = _asked(ctx, request.query)
    whole = ctx.elevated("trial of assignment rules")
    tried, roster = trial(whole, rules, ctx.now - timedelta(days=days))
    return TablePage(
        intro=ctx.say(told("trial.intro")),
        action="/leads/trial",
        inputs=list(_inputs(ctx, request.query, days)),
        submit=ctx.say(told("ask.try")),
        tables=[_spread(ctx, roster, tried), _each(ctx, roster, tried)],
    ).drawn(told("page.trial"))


def trial_data(ctx: Context, request: PageRequest) -> Mapping[str, Any]:
    """Answer the same for programs. Raises BadRequest for a rule that is not there."""
    days, rules = _asked(ctx, request.query)
    whole = ctx.elevated("trial of assignment rules")
    tried, _ = trial(whole, rules, ctx.now - timedelta(days=days))
    return {"days": days, "rules": [one.id for one in rules], "items": [_item(o) for o in tried]}


def _asked(ctx: Context, query: Mapping[str, str]) -> tuple[int, list[AssignmentRule]]:
    """Answer the days, and the active rules with the inactive one that ``with`` names."""
    days = number(query, "days", TRIAL_DAYS, most=366)
    known, name = all_assignment_rules(ctx), query.get("with", "")
    if name and name not in {one.id for one in known}:
        raise refused("with", told("ask.rule", name=name))
    return days, [one for one in known if one.active or one.id == name]


def _inputs(ctx: Context, query: Mapping[str, str], days: int) -> Iterator[Input]:
    idle = [(one.id, ctx.say(one.label)) for one in all_assignment_rules(ctx) if not one.active]
    options = [("", ctx.say(told("trial.as_is"))), *idle]
    label = ctx.say(told("trial.with"))
    yield Input(name="with", label=label, value=query.get("with", ""), options=options)
    yield Input(name="days", label=ctx.say(told("ask.past_days")), value=str(days), number=True)


def _spread(ctx: Context, roster: Roster, tried: Sequence[Trial]) -> Table:
    counts = Counter(one.decision.owner if one.decision else None for one in tried)
    rows = [
        [Cell(_who(ctx, roster, user)), Cell(str(count), number=True)]
        for user, count in counts.most_common()
    ]
    heads = [Cell(ctx.say(told("head.would"))), Cell(ctx.say(told("head.count")), number=True)]
    return Table(
        title=ctx.say(told("trial.spread")),
        heads=heads,
        rows=rows,
        empty=ctx.say(told("trial.empty")),
    )


def _each(ctx: Context, roster: Roster, tried: Sequence[Trial]) -> Table:
    newest = list(reversed(tried))[:MOST]
    return Table(
        title=ctx.say(told("trial.each", count=len(tried))),
        heads=[Cell(ctx.say(told(f"head.{name}"))) for name in _HEADS],
        rows=[_row(ctx, roster, one) for one in newest],
        empty=ctx.say(told("trial.empty")),
    )


def _row(ctx: Context, roster: Roster, one: Trial) -> list[Cell]:
    decision = one.decision
    return [
        Cell(one.name, record_href(LEAD, one.id)),
        Cell(roster.name(one.owner)),
        Cell(_who(ctx, roster, decision.owner if decision else None)),
        Cell(ctx.say(decision.why) if decision else ctx.say(told("trial.no_rule"))),
    ]


def _who(ctx: Context, roster: Roster, user: int | None) -> str:
    return roster.name(user) if user is not None else ctx.say(told("trial.nobody"))


def _item(one: Trial) -> Mapping[str, Any]:
    decision = one.decision
    return {
        "id": one.id,
        "owner": one.owner,
        "would": decision.owner if decision else None,
        "pool": decision.pool if decision else None,
        "rule": decision.rule if decision else None,
        "why": dict(decision.why) if decision else None,
    }
