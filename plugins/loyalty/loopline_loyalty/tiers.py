"""Tiers: what members earned or paid lately decides; who no longer reaches theirs has grace."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from loopline.sdk import Context, Record
from loopline_loyalty.entries import MEMBER, points_since
from loopline_loyalty.found import some, text, whole
from loopline_loyalty.rules import Tier, months_later, tiers

RENEW: Final = "loyalty.tiers"
_PAID: Final = '["receipt", "refund"]'
Changes = dict[str, object]


def nightly(ctx: Context, payload: Mapping[str, object]) -> None:
    """Look at the tiers of all members anew."""
    moves = ctx.elevated("tiers")
    renew(moves, [one.id for one in moves.every(MEMBER, "is_blank(left_at)")])


def renew(ctx: Context, members: Iterable[int]) -> None:
    """Put members into the tiers they reach: up at once, down when their grace is over."""
    ladder = tiers(ctx)
    for lot in some(sorted(set(members))) if ladder else ():
        reached = _reached(ctx, lot, ladder)
        found = ctx.by_id(MEMBER, lot)
        changes = {
            one.id: dict(_changes(ctx.today, one, ladder, reached)) for one in found.values()
        }
        ctx.update_many(MEMBER, {number: one for number, one in changes.items() if one})


def _changes(
    today: date, member: Record, ladder: tuple[Tier, ...], reached: Mapping[int, int]
) -> Iterator[tuple[str, object]]:
    """Yield what changes of a member who reaches the rung ``reached`` of the ladder."""
    ranks = {one.id: at for at, one in enumerate(ladder)}
    now, earned = ranks.get(text(member, "tier"), -1), reached[member.id]
    until = member.value("tier_until")
    over = isinstance(until, date) and today > until
    grace = ladder[now].grace_days if now >= 0 else 0
    if earned > now or (earned < now and (over or not grace)):
        yield "tier", ladder[earned].id
        yield "tier_since", today
        yield "tier_until", None
    elif earned == now and until is not None:
        yield "tier_until", None
    elif earned < now and until is None:
        yield "tier_until", today + timedelta(days=grace)


def _reached(ctx: Context, members: Iterable[int], ladder: tuple[Tier, ...]) -> dict[int, int]:
    """Answer the highest rung that each member reaches; the lowest where they reach none."""
    numbers = list(members)
    found = dict.fromkeys(numbers, 0)
    points = {
        months: points_since(ctx, numbers, months_later(ctx.today, -months))
        for months in {one.months for one in ladder if one.points is not None}
    }
    spent = {
        months: _spent(ctx, numbers, months_later(ctx.today, -months))
        for months in {one.months for one in ladder if one.spend is not None}
    }
    for rung, tier in enumerate(ladder):
        for number in numbers:
            earned = points.get(tier.months, {}).get(number, 0)
            if tier.reached(earned, spent.get(tier.months, {}).get(number, Decimal(0))):
                found[number] = rung
    return found


def _spent(ctx: Context, members: Iterable[int], start: date) -> dict[int, Decimal]:
    """Answer what the customers of members paid from a day on, less refunds."""
    if not ctx.has("entity", "ledger_entry"):
        return {}
    of = {one.id: whole(one, "customer") for one in ctx.by_id(MEMBER, members).values()}
    named = ", ".join(str(one) for one in sorted(set(of.values()) - {0}))
    if not named:
        return {}
    asked = {
        "dataset": {"entity": "ledger_entry"},
        "dimensions": {"customer": {"field": "customer"}},
        "measures": {"amount": {"aggregate": "sum", "field": "amount"}},
        "where": f'customer in [{named}] && kind in {_PAID} && at >= "{start}"',
        "totals": "none",
    }
    rows = ctx.query(asked).rows
    paid = {int(str(row.key["customer"])): -_amount(row.values[0]) for row in rows}
    return {member: paid.get(customer, Decimal(0)) for member, customer in of.items()}


def _amount(cell: object) -> Decimal:
    return Decimal(str(cell or 0))
