"""Points for payments: earned by the rules, and taken back in proportion to what is refunded.

Told twice, it books once: every entry has a key made of what it is for. A refund that is told
before its payment finds nothing earned; the payment, told later, takes care of both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from loopline.sdk import Context, Record, RecordsChanged
from loopline_loyalty.entries import ENTRY, MEMBER, book, hold
from loopline_loyalty.found import some, text, whole
from loopline_loyalty.rules import PointsRule, months_later, points_rules
from loopline_loyalty.tiers import renew

LEDGER: Final = "ledger_entry"
RECEIPT: Final = "receipt"
REFUND: Final = "refund"
CATCH_UP: Final = "loyalty.catch_up"
Row = Mapping[str, object]


def observe(ctx: Context, event: RecordsChanged) -> None:
    """Book what new entries of customers' ledgers earn, and what they take back."""
    if event.entity != LEDGER or event.action != "create":
        return
    sources = [text(one.new, "source").partition(":") for one in event.changes]
    moves = ctx.elevated("points")
    earn(moves, [int(number) for kind, _, number in sources if kind == RECEIPT])
    refunds = moves.by_id(REFUND, [int(number) for kind, _, number in sources if kind == REFUND])
    take_back(moves, [whole(one, "receipt") for one in refunds.values()])


def catch_up(ctx: Context, payload: Mapping[str, object]) -> None:
    """Book the points that are missing for payments there are, of one customer or of all."""
    if not ctx.has("entity", LEDGER):
        return
    customer = payload.get("customer")
    moves = ctx.elevated("points")
    of = f"customer == {int(str(customer))}" if customer else ""
    earn(moves, [one.id for one in moves.every(RECEIPT, of)])


def earn(ctx: Context, receipts: Iterable[int]) -> None:
    """Book what payments earn and have not earned yet, then what their refunds take back."""
    for lot in some(sorted(set(receipts))):
        found = ctx.by_id(RECEIPT, lot)
        members = _members(ctx, found.values())
        hold(ctx, [one.id for one in members.values()])
        known = {text(one, "key") for one in _entries(ctx, RECEIPT, found)}
        book(ctx, _earned(ctx, found, members, known))
        take_back(ctx, found)
        renew(ctx, [one.id for one in members.values()])


def take_back(ctx: Context, receipts: Iterable[int]) -> None:
    """Book what the refunds of payments take back and have not taken back yet."""
    for lot in some(sorted(set(receipts))):
        earned = [one for one in _entries(ctx, RECEIPT, lot) if one.value("kind") == "earn"]
        if not earned:
            continue
        members = {whole(one, "member") for one in earned}
        hold(ctx, members)
        refunds = ctx.among(REFUND, "receipt", lot)
        if refunds:
            book(ctx, _reversed(ctx, earned, refunds))
            renew(ctx, members)


def _earned(
    ctx: Context, receipts: Mapping[int, Record], members: Mapping[int, Record], known: set[str]
) -> Iterator[Row]:
    """Yield an entry for each rule and payment that earns and has none yet."""
    paid = [one for one in receipts.values() if one.id in members]
    for rule in points_rules(ctx) if paid else ():
        holds = ctx.matches(RECEIPT, rule.when, [one.values for one in paid])
        for receipt, fits in zip(paid, holds, strict=True):
            day, member = _day(ctx, receipt), members[receipt.id]
            key = f"earn:{rule.id}:{receipt.id}"
            if not fits or key in known or not rule.counts_on(day):
                continue
            points = rule.points_for(_amount(receipt), text(member, "tier"))
            if points:
                yield _earning(rule, receipt, member, day) | {"points": points, "key": key}


def _earning(rule: PointsRule, receipt: Record, member: Record, day: date) -> dict[str, object]:
    ends = None if rule.expires_months is None else months_later(day, rule.expires_months)
    return {
        "member": member.id,
        "kind": "earn",
        "day": day,
        "source": f"{RECEIPT}:{receipt.id}",
        "rule": rule.id,
        "expires_at": ends,
    }


def _reversed(ctx: Context, earned: Sequence[Record], refunds: Sequence[Record]) -> Iterator[Row]:
    """Yield what each refund takes back of each entry: its part, never more than is left of it."""
    paid = ctx.by_id(RECEIPT, [whole(one, "receipt") for one in refunds])
    known: dict[int, list[Record]] = {}
    for one in ctx.among(ENTRY, "reverses", [entry.id for entry in earned]):
        known.setdefault(whole(one, "reverses"), []).append(one)
    for entry in earned:
        receipt = paid.get(int(text(entry, "source").partition(":")[2]))
        if receipt is None:
            continue
        booked = known.get(entry.id, [])
        keys = {text(one, "key") for one in booked}
        gone = -sum(whole(one, "points") for one in booked)
        back = -sum(whole(one, "points") for one in booked if one.value("kind") == "reverse")
        returned = Decimal(0)
        for refund in (one for one in refunds if one.value("receipt") == receipt.id):
            returned += _amount(refund)
            due = min(
                _part(entry, returned, _amount(receipt)) - back, whole(entry, "points") - gone
            )
            key = f"reverse:{entry.id}:{refund.id}"
            if key not in keys and due > 0:
                yield _reversal(ctx, entry, refund) | {"points": -due, "key": key}
                back, gone = back + due, gone + due


def _part(entry: Record, returned: Decimal, amount: Decimal) -> int:
    """Answer how much of what was earned belongs to what was returned, all of it for the whole."""
    if amount <= 0 or returned >= amount:
        return whole(entry, "points")
    exact = whole(entry, "points") * returned / amount
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _reversal(ctx: Context, entry: Record, refund: Record) -> dict[str, object]:
    day = refund.value("refunded_at")
    return {
        "member": entry.value("member"),
        "kind": "reverse",
        "day": day if isinstance(day, date) else ctx.today,
        "source": f"{REFUND}:{refund.id}",
        "reverses": entry.id,
        "rule": entry.value("rule"),
    }


def _members(ctx: Context, receipts: Iterable[Record]) -> dict[int, Record]:
    """Answer who earns for each payment: the customer's first member who was one that day."""
    paid = list(receipts)
    of: dict[int, list[Record]] = {}
    for one in ctx.among(MEMBER, "customer", {whole(one, "customer") for one in paid} - {0}):
        of.setdefault(whole(one, "customer"), []).append(one)
    found: dict[int, Record] = {}
    for receipt in paid:
        day = _day(ctx, receipt)
        for member in of.get(whole(receipt, "customer"), ()):
            if _was_member(member, day):
                found.setdefault(receipt.id, member)
    return found


def _was_member(member: Record, day: date) -> bool:
    joined, left = member.value("joined"), member.value("left_at")
    early = isinstance(joined, date) and day < joined
    return not early and not (isinstance(left, date) and day >= left)


def _entries(ctx: Context, entity: str, ids: Iterable[int]) -> list[Record]:
    return ctx.among(ENTRY, "source", {f"{entity}:{one}" for one in ids})


def _day(ctx: Context, receipt: Record) -> date:
    day = receipt.value("received_at")
    return day if isinstance(day, date) else ctx.today


def _amount(record: Record) -> Decimal:
    found = record.value("amount")
    return found if isinstance(found, Decimal) else Decimal(0)
