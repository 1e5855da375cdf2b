"""A shop's year as orders, payments and refunds: the figures come out, points equal the ledger."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kit.profiles import DEEP
from loopline.bootstrap import Platform
from loopline.services.editing import update_many
from loopline.services.records import create_many
from loopline.testing import publish_documents
from outside.online_retail import (
    FIRST_DAY,
    Invoice,
    Refund,
    batches,
    read_invoices,
    refunds_of,
    rfm,
    rounded,
)

EVERY = 1 if DEEP else 100
"""Of so many customers one, by number."""
KNOWN = (50, 2, Decimal("674.48"), Decimal("74.6"))
RULE = "{kind: points_rule, id: paid, extend: true, unset: [tiers]}"


@pytest.fixture
def invoices(shared_data: Path) -> list[Invoice]:
    return read_invoices(shared_data, EVERY)


class Shop:
    """Writes the year into a site, by the door for the past."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def write(
        self, entity: str, rows: Sequence[Mapping[str, object]], size: int = 500
    ) -> list[int]:
        made: list[int] = []
        for some in batches(rows, size):
            with self._platform.write(via="import") as ctx:
                made += map(whole, create_many(ctx, entity, some))
        return made

    def open(self, invoices: Sequence[Invoice]) -> dict[int, int]:
        """Make the customers who bought anything, and members of them all."""
        numbers = sorted({one.customer for one in invoices if not one.cancelled})
        made = self.write("customer", [{"name": f"Customer {one}"} for one in numbers])
        customers = dict(zip(numbers, made, strict=True))
        joined = {"joined": FIRST_DAY}
        members = [{"name": str(n), "customer": c, **joined} for n, c in customers.items()]
        self.write("member", members)
        return customers

    def sell(self, bought: Sequence[Invoice], customers: Mapping[int, int]) -> dict[str, int]:
        """Make orders with their lines, confirm them, and book the payment of each."""
        heads = [
            {"name": one.number, "customer": customers[one.customer], "placed_at": one.at}
            for one in bought
        ]
        orders = self.write("order", heads)
        lines = [
            {"order": order, "description": text, "quantity": Decimal(quantity), "price": price}
            for order, one in zip(orders, bought, strict=True)
            for text, quantity, price in one.lines
        ]
        self.write("order_line", lines)
        for some in batches(orders):
            with self._platform.write(via="import") as ctx:
                confirmed = {one: {"status": "confirmed"} for one in some}
                assert all(map(whole, update_many(ctx, "order", confirmed).values()))
        paid = [
            {
                "customer": customers[one.customer],
                "amount": one.total,
                "received_at": one.at.date(),
                "reference": one.number,
            }
            for one in bought
        ]
        receipts = self.write("receipt", paid)
        return {one.number: receipt for one, receipt in zip(bought, receipts, strict=True)}

    def refund(self, refunds: Sequence[Refund], receipts: Mapping[str, int]) -> None:
        """Pay back; several of one receipt go into batches of their own, as they came."""
        turns: dict[int, list[Mapping[str, object]]] = defaultdict(list)
        seen: Counter[str] = Counter()
        for one in refunds:
            turns[seen[one.invoice]].append(
                {
                    "receipt": receipts[one.invoice],
                    "amount": one.amount,
                    "reason": "cancelled",
                    "refunded_at": one.day,
                }
            )
            seen[one.invoice] += 1
        for _, rows in sorted(turns.items()):
            self.write("refund", rows, size=100)


@pytest.mark.timeout(3600 if DEEP else 180)
def test_the_year_comes_out_and_points_equal_the_ledger(platform: Platform, invoices) -> None:
    publish_documents(platform, RULE)
    shop, bought = Shop(platform), [one for one in invoices if not one.cancelled]
    refunds = list(refunds_of(invoices))
    customers = shop.open(invoices)
    receipts = shop.sell(bought, customers)
    shop.refund(refunds, receipts)
    platform.worker().run_due()
    assert totals(platform) == {
        "order": (len(bought), sum(one.total for one in bought)),
        "order_line": (sum(len(one.lines) for one in bought), sum(o.total for o in bought)),
        "refund": (len(refunds), sum(one.amount for one in refunds)),
        "customer": (len(customers), sum(one.amount for one in refunds)),
    }
    if DEEP:
        lines = sum(len(one.lines) for one in bought)
        assert (len(customers), lines) == (4338, 397884)
        assert sum(one.total for one in bought) == Decimal("8911407.90")
        assert rfm(figures(platform)) == KNOWN
    expected = points_of(bought, refunds)
    assert balances(platform) == {customers[one]: expected[one] for one in customers}


def points_of(bought: Sequence[Invoice], refunds: Sequence[Refund]) -> Mapping[int, int]:
    """Answer what each customer's points come to: a point for 10 paid, less what went back."""
    back: Counter[str] = Counter()
    found: Counter[int] = Counter()
    for refund in refunds:
        back[refund.invoice] += refund.amount
    for one in bought:
        earned = int(one.total / 10)
        gone = (earned * back[one.number] / one.total).quantize(Decimal(1), "ROUND_HALF_UP")
        found[one.customer] += earned - int(gone)
    return found


def totals(platform: Platform) -> dict[str, tuple[int, Decimal]]:
    amounts = {
        "order": "total",
        "order_line": "amount",
        "refund": "amount",
        "customer": "contracts__balance",
    }
    return {one: total(platform, one, amount) for one, amount in amounts.items()}


def total(platform: Platform, entity: str, amount: str) -> tuple[int, Decimal]:
    measures = {"n": {"aggregate": "count"}, "sum": {"aggregate": "sum", "field": amount}}
    values = asked(platform, entity, {}, measures)[0].values
    return int(values[0]), Decimal(str(values[1]))


def figures(platform: Platform) -> list[tuple[datetime, int, Decimal]]:
    """Answer of each customer the last day, the number of orders and their sum."""
    measures = {
        "last": {"aggregate": "max", "field": "placed_at"},
        "n": {"aggregate": "count"},
        "sum": {"aggregate": "sum", "field": "total"},
    }
    rows = asked(platform, "order", {"customer": {"field": "customer"}}, measures)
    return [
        (datetime.fromisoformat(str(last)), int(n), Decimal(str(amount)))
        for last, n, amount in (row.values for row in rows)
    ]


def balances(platform: Platform) -> dict[int, int]:
    """Answer the points of each customer: of members, held against the sum of their entries."""
    found: dict[str, dict[int, int]] = {}
    for entity, points, customer in (
        ("member", "points_balance", "customer"),
        ("points_entry", "points", "member.customer"),
    ):
        measures = {"points": {"aggregate": "sum", "field": points}}
        rows = asked(platform, entity, {"customer": {"field": customer}}, measures)
        found[entity] = {row.key["customer"]: int(row.values[0]) for row in rows}
    held = {customer: found["points_entry"].get(customer, 0) for customer in found["member"]}
    assert held == found["member"]
    return held


def asked(platform: Platform, entity: str, by: object, measures: object) -> Sequence[Any]:
    query = {
        "dataset": {"entity": entity},
        "dimensions": by,
        "measures": measures,
        "totals": "none",
        "limit": 10_000,
    }
    with platform.read() as ctx:
        return ctx.contexts("loyalty").query(query).rows


def whole(outcome: object) -> int:
    """Answer the number of what was written; fail with the reason for what was not."""
    assert isinstance(outcome, int), outcome
    return outcome


def test_the_known_figures_are_in_the_file(shared_data: Path) -> None:
    bought = [one for one in read_invoices(shared_data, 1) if not one.cancelled]
    of: dict[int, tuple[datetime, int, Decimal]] = {}
    for one in bought:
        day, orders, money = of.get(one.customer, (datetime.min.replace(tzinfo=UTC), 0, Decimal(0)))
        of[one.customer] = (max(day, one.at), orders + 1, money + one.total)
    assert rounded(sum(money for _, _, money in of.values())) == Decimal("8911407.90")
    assert rfm(of.values()) == KNOWN
