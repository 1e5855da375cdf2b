"""Assignment: which rule takes a new lead, whom it chooses, and why."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from loopline.sdk import Context, Label
from loopline_leads.leads import LEAD, day_of, moment, row_of
from loopline_leads.people import Candidate, EmptyLoads, Loads, Roster
from loopline_leads.pools import Pools
from loopline_leads.rules import AssignmentRule, assignment_rules
from loopline_leads.texts import told

Values = Mapping[str, object]
_MOST_NAMED = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What a rule decided about a record: its owner, or the pool it lies in, and why."""

    rule: str
    owner: int | None
    pool: int | None
    why: Label


class Assigner:
    """Asks the rules about records, one after the other, and remembers what it gave."""

    def __init__(
        self,
        ctx: Context,
        rules: Sequence[AssignmentRule] | None = None,
        loads: Loads | None = None,
        pools: Pools | None = None,
    ) -> None:
        self._ctx = ctx
        self.rules = assignment_rules(ctx) if rules is None else tuple(rules)
        self.roster = Roster(ctx)
        self._loads = loads or Loads(ctx)
        self._pools = pools or Pools(ctx)

    def decide(
        self,
        rows: Sequence[Values],
        moments: Sequence[datetime],
        without: Sequence[Collection[int]] = (),
    ) -> list[Decision | None]:
        """Answer for each record, at its moment, what the first rule that fits decides.

        ``without`` names for each the users who shall not get it. Raises NotValid for a condition
        that is none.
        """
        if rows and self.rules:
            self._ctx.hold("assign")  # so that two at once do not take the same turn
        fits = [self._fitting(rule, rows, moments) for rule in self.rules]
        found: list[Decision | None] = []
        for index, at in enumerate(moments):
            barred = without[index] if without else ()
            rules = (rule for rule, held in zip(self.rules, fits, strict=True) if held[index])
            decisions = (self._ask(rule, at, barred) for rule in rules)
            found.append(next((one for one in decisions if one is not None), None))
        return found

    def _fitting(
        self, rule: AssignmentRule, rows: Sequence[Values], moments: Sequence[datetime]
    ) -> list[bool]:
        held = self._ctx.matches(LEAD, rule.when, rows)
        if not rule.hours:
            return held
        calendar = self._ctx.calendar(rule.hours)
        return [holds and calendar.is_working(at) for holds, at in zip(held, moments, strict=True)]

    def _ask(self, rule: AssignmentRule, at: datetime, barred: Collection[int]) -> Decision | None:
        """Answer what a rule decides; None where it finds nobody and names no pool."""
        everybody = self.roster.candidates(rule)
        reasons = {one.user: self._why_not(rule, one.user, at, barred) for one in everybody}
        free = [one for one in everybody if reasons[one.user] is None]
        out = _left_out([why for why in reasons.values() if why is not None])
        if free:
            chosen = self._choose(rule, everybody, free, at)
            self._loads.took(rule, chosen, at)
            params = {"rule": rule.label, "who": self.roster.name(chosen), "free": len(free)}
            why = told(f"why.{rule.method}", **params, out=out)
            return Decision(rule=rule.id, owner=chosen, pool=None, why=why)
        code = next((one.pool for one in rule.to if one.pool), "")
        pool = self._pools.by_code(code)
        if pool is None:
            return None
        key = "why.pool_instead" if everybody else "why.pool"
        why = told(key, rule=rule.label, pool=self._pools.name(pool), out=out)
        return Decision(rule=rule.id, owner=None, pool=pool, why=why)

    def _why_not(
        self, rule: AssignmentRule, user: int, at: datetime, barred: Collection[int]
    ) -> Label | None:
        """Answer why somebody cannot be chosen; None where they can."""
        who, day = self.roster.name(user), day_of(at, self._ctx.site_zone)
        if user in barred:
            return told("out.owner", who=who)
        if self.roster.is_away(user, day):
            return told("out.away", who=who)
        if rule.most_open is not None and self._loads.open(user) >= rule.most_open:
            return told("out.open", who=who, count=self._loads.open(user))
        if rule.most_a_day is not None and self._loads.on_day(user, day) >= rule.most_a_day:
            return told("out.day", who=who, count=self._loads.on_day(user, day))
        return None

    def _choose(
        self,
        rule: AssignmentRule,
        everybody: Sequence[Candidate],
        free: Sequence[Candidate],
        at: datetime,
    ) -> int:
        match rule.method:
            case "fixed":
                return free[0].user
            case "least_busy":
                return min(free, key=lambda one: self._loads.open(one.user)).user
            case "weighted":
                return min(
                    free, key=lambda one: (self._loads.recent(rule, one.user, at) + 1) / one.weight
                ).user
            case "round_robin":
                return _next(everybody, free, self._loads.last(rule))


def _next(everybody: Sequence[Candidate], free: Sequence[Candidate], last: int | None) -> int:
    """Answer who comes after the last one, in the order of all, among those who are free."""
    order = [one.user for one in everybody]
    start = order.index(last) + 1 if last in order else 0
    available = {one.user for one in free}
    return next(user for user in order[start:] + order[:start] if user in available)


def _left_out(reasons: Sequence[Label]) -> Label:
    if not reasons:
        return Label({"zh": "", "en": ""})
    named = list(reasons[:_MOST_NAMED])
    if len(reasons) > _MOST_NAMED:
        named.append(Label({"zh": "…", "en": "…"}))
    return told("why.out", people=Label.join(named))


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """A lead of the past and what the rules would have decided about it."""

    id: int
    name: str
    at: datetime
    owner: int | None
    decision: Decision | None


TRIAL_DAYS = 30
TRIAL_MOST = 5_000


def trial(
    ctx: Context, rules: Sequence[AssignmentRule], since: datetime
) -> tuple[list[Trial], Roster]:
    """Answer where the leads since a moment would have gone, the oldest first; writes nothing.

    It begins with nobody having anything, so that it tells how the rules spread. At most 5,000
    leads are tried.
    """
    found = list(islice(ctx.every(LEAD, f"created_at >= {moment(since)}"), TRIAL_MOST))
    records = sorted(found, key=lambda one: (one.created_at, one.id))
    assigner = Assigner(ctx, rules, EmptyLoads(ctx))
    decided = assigner.decide([row_of(one) for one in records], [one.created_at for one in records])
    tried = [
        Trial(
            id=one.id,
            name=str(one.value("name") or ""),
            at=one.created_at,
            owner=_user(one.value("owner")),
            decision=decision,
        )
        for one, decision in zip(records, decided, strict=True)
    ]
    return tried, assigner.roster


def _user(value: object) -> int | None:
    return value if isinstance(value, int) else None
