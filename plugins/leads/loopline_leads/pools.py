"""Pools: which one a record belongs to, who runs it, and what its rule lets a member take."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from loopline.sdk import Context, Label, Record, quoted
from loopline_leads.leads import LOG, POOL, day_of, moment, start_of
from loopline_leads.pooled import LEADS, Pooled, both
from loopline_leads.rules import PoolRule, pool_rules
from loopline_leads.texts import told

Values = Mapping[str, object]
LOSING: Final = 'move in ["release", "recycle", "reassign"]'
MEMBER: Final = "lead_pool_member"


class Pools:
    """The pools and their rules for one entity, as one transaction finds them."""

    def __init__(
        self, ctx: Context, rules: Sequence[PoolRule] | None = None, what: Pooled = LEADS
    ) -> None:
        self._ctx = ctx
        self.what = what
        self.rules = pool_rules(ctx, what.entity) if rules is None else tuple(rules)

    @cached_property
    def _pools(self) -> Mapping[int, Record]:
        """The pools by id, read when they are asked for first: most new records need none."""
        return {one.id: one for one in self._ctx.every(POOL)}

    @cached_property
    def _codes(self) -> Mapping[str, int]:
        return {str(one.value("code")): one.id for one in self._pools.values()}

    def by_code(self, code: str) -> int | None:
        """Answer the pool of a code; None where there is none."""
        return self._codes.get(code)

    def name(self, pool: object) -> Label:
        """Answer what people call a pool, in words also where there is none."""
        found = self._pools.get(pool) if isinstance(pool, int) else None
        name = str(found.value("name")) if found else ""
        return Label({"zh": name, "en": name}) if name else told("no_pool")

    def rule_of(self, pool: object) -> PoolRule | None:
        """Answer the rule of a pool; None where it has none."""
        if pool is None:
            return None
        return next((rule for rule in self.rules if self._codes.get(rule.pool) == pool), None)

    def rules_for(
        self, rows: Sequence[Values], at: datetime | None = None
    ) -> list[PoolRule | None]:
        """Answer the rule each record comes under: that of its pool, else the first that fits."""
        found: list[PoolRule | None] = [self.rule_of(self.what.value(row, "pool")) for row in rows]
        for rule in self.rules:
            if rule.pool in self._codes:
                held = self._ctx.matches(self.what.entity, rule.when, rows, at=at)
                for index, row in enumerate(rows):
                    free = found[index] is None and self.what.value(row, "pool") is None
                    if held[index] and free:
                        found[index] = rule
        return found

    def homes(self, rows: Sequence[Values]) -> list[int | None]:
        """Answer the pool of each record: its own, else that of the first rule that fits."""
        homes: list[int | None] = []
        for row, rule in zip(rows, self.rules_for(rows), strict=True):
            own = self.what.value(row, "pool")
            home = self._codes.get(rule.pool) if rule else None
            homes.append(own if isinstance(own, int) else home)
        return homes

    def is_admin(self, pool: object, user: int | None) -> bool:
        """Whether a user runs a pool."""
        if user is None or not isinstance(pool, int):
            return False
        text = f'pool == {pool} && user == {user} && role == "admin"'
        return self._ctx.count(MEMBER, text) > 0


class Claims:
    """What one user may still take from pools, counted on while they take."""

    def __init__(self, ctx: Context, pools: Pools, user: int) -> None:
        self._ctx, self._pools, self._user, self._what = ctx, pools, user, pools.what
        ctx.hold(f"claim:{user}")  # two claims at once must see each other's counts
        self._today: dict[int, int] = {}
        self._held: dict[int, int] = {}
        self._kept: dict[int, int] = {}
        self._lost: dict[str, datetime] | None = None

    def refusal(self, record: int, pool: int) -> Label | None:
        """Answer why a record must not be claimed from its pool; None where it may, and counts."""
        rule = self._pools.rule_of(pool)
        if rule is None:
            return None
        name = {"rule": rule.label, "pool": self._pools.name(pool)}
        if rule.claims_a_day is not None and self._claimed_today(pool) >= rule.claims_a_day:
            return told("no.day", **name, cap=rule.claims_a_day)
        if rule.most_held is not None and self._holding(pool) >= rule.most_held:
            return told("no.holding", **name, cap=rule.most_held)
        until = self._barred_until(record, rule)
        if until is not None:
            day = day_of(until, self._ctx.site_zone)
            return told("no.cool_down", rule=rule.label, days=rule.cool_down_days, until=day)
        self._today[pool] = self._claimed_today(pool) + 1
        self._held[pool] = self._holding(pool) + 1
        return None

    def keep_refusal(self, pool: int) -> Label | None:
        """Answer why one more record of a pool must not be kept; None where it may, and counts."""
        rule = self._pools.rule_of(pool)
        if rule is None or rule.most_kept is None:
            return None
        if pool not in self._kept:
            kept = f"{self._what.field('kept')} == true"
            self._kept[pool] = self._ctx.count(self._what.entity, both(self._of(pool), kept))
        if self._kept[pool] >= rule.most_kept:
            cap = rule.most_kept
            return told("no.kept", rule=rule.label, pool=self._pools.name(pool), cap=cap)
        self._kept[pool] += 1
        return None

    def _claimed_today(self, pool: int) -> int:
        if pool not in self._today:
            zone = self._ctx.site_zone
            begins = moment(start_of(day_of(self._ctx.now, zone), zone))
            text = f'to_owner == {self._user} && move == "claim" && at >= {begins}'
            text += f" && from_pool == {pool} && entity == {quoted(self._what.entity)}"
            self._today[pool] = self._ctx.count(LOG, text)
        return self._today[pool]

    def _holding(self, pool: int) -> int:
        if pool not in self._held:
            self._held[pool] = self._ctx.count(self._what.entity, self._of(pool))
        return self._held[pool]

    def _of(self, pool: int) -> str:
        """Answer the condition of the open records of a pool that the user holds."""
        held = f"owner == {self._user} && {self._what.field('pool')} == {pool}"
        return both(held, self._what.open)

    def _barred_until(self, record: int, rule: PoolRule) -> datetime | None:
        """Answer until when the user, who lost the record lately, may not claim it."""
        if not rule.cool_down_days:
            return None
        if self._lost is None:
            longest = max(one.cool_down_days for one in self._pools.rules)
            since = moment(self._ctx.now - timedelta(days=longest))
            text = f"from_owner == {self._user} && at > {since} && {LOSING}"
            self._lost = {}
            for one in self._ctx.every(LOG, text):
                at = one.value("at")
                if isinstance(at, datetime):
                    self._lost[str(one.value("record"))] = at
        lost = self._lost.get(f"{self._what.entity}:{record}")
        until = lost + timedelta(days=rule.cool_down_days) if lost else None
        return until if until and until > self._ctx.now else None
