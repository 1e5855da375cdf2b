"""Points rules and tiers, read from their documents into what the code works with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any, Final

from loopline.sdk import Context, Document
from loopline_loyalty.kinds import POINTS_RULE, TIER

_ROUNDING: Final = {"down": ROUND_DOWN, "nearest": ROUND_HALF_UP, "up": ROUND_CEILING}
_YEAR: Final = 12


@dataclass(frozen=True, kw_only=True, slots=True)
class PointsRule:
    """What payments earn: so many ``points`` for each ``per``, times the member's tier."""

    id: str
    active: bool
    when: str
    per: Decimal
    points: Decimal
    round: str
    tiers: Mapping[str, Decimal]
    expires_months: int | None
    starts: date | None
    ends: date | None

    def counts_on(self, day: date) -> bool:
        """Whether the rule is for payments of a day."""
        return not (
            (self.starts is not None and day < self.starts)
            or (self.ends is not None and day > self.ends)
        )

    def points_for(self, amount: Decimal, tier: str) -> int:
        """Answer what an amount earns somebody in a tier, rounded once."""
        exact = amount * self.points / self.per * self.tiers.get(tier, Decimal(1))
        return int(exact.quantize(Decimal(1), rounding=_ROUNDING[self.round]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Tier:
    """What members must have earned or paid in the last ``months``; None asks for nothing."""

    id: str
    points: int | None
    spend: Decimal | None
    months: int
    grace_days: int

    def reached(self, points: int, spend: Decimal) -> bool:
        """Whether either threshold is reached; a tier without one is open to everybody."""
        if self.points is None and self.spend is None:
            return True
        return (self.points is not None and points >= self.points) or (
            self.spend is not None and spend >= self.spend
        )


def points_rules(ctx: Context) -> tuple[PointsRule, ...]:
    """Answer the rules that earn points now, in order."""
    return tuple(one for one in map(read_points_rule, _ordered(ctx, POINTS_RULE)) if one.active)


def tiers(ctx: Context) -> tuple[Tier, ...]:
    """Answer the tiers from the lowest to the highest."""
    return tuple(map(read_tier, _ordered(ctx, TIER)))


def read_points_rule(document: Document) -> PointsRule:
    """Answer a points rule as its document says it."""
    body = document.body
    return PointsRule(
        id=document.id,
        active=body.get("active") is not False,
        when=str(body.get("when") or ""),
        per=_exact(body["per"]),
        points=_exact(body["points"]),
        round=str(body.get("round") or "down"),
        tiers={name: _exact(times) for name, times in (body.get("tiers") or {}).items()},
        expires_months=body.get("expires_months"),
        starts=_day(body.get("starts")),
        ends=_day(body.get("ends")),
    )


def read_tier(document: Document) -> Tier:
    """Answer a tier as its document says it."""
    body = document.body
    threshold = body.get("threshold") or {}
    spend = threshold.get("spend")
    return Tier(
        id=document.id,
        points=threshold.get("points"),
        spend=None if spend is None else _exact(spend),
        months=int(body.get("months") or _YEAR),
        grace_days=int(body.get("grace_days") or 0),
    )


def months_later(day: date, months: int) -> date:
    """Answer the same day so many months on, or the last of that month."""
    at = day.year * _YEAR + day.month - 1 + months
    year, month = divmod(at, _YEAR)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise ValueError(day)


def _ordered(ctx: Context, kind: str) -> list[Document]:
    found = [one for one in ctx.documents(kind) if not one.body.get("retired")]
    return sorted(found, key=lambda one: (float(one.body.get("pos") or 0), one.id))


def _exact(number: Any) -> Decimal:
    """Answer a number of a document without the traces of binary fractions."""
    return Decimal(str(number))


def _day(said: Any) -> date | None:
    return date.fromisoformat(str(said)) if said else None
