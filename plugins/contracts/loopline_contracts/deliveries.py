"""Deliveries, returns, invoices and credit notes: whose they are, and never more than ordered."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loopline.sdk import Context, RecordsChanging, Refuse, Set
from loopline_contracts.found import by_id, link, number, refused

OF_ORDERS: Final = frozenset({"delivery", "return", "invoice", "credit_note"})
"""What is made for an order and takes its customer."""


def guard_customers(ctx: Context, event: RecordsChanging) -> Iterator[Set]:
    """Yield the customer of the order that each is made for."""
    if event.action == "delete":
        return
    orders = by_id(ctx, "order", [link(one.new, "order") for one in event.changes])
    for change in event.changes:
        order = orders.get(link(change.new, "order"))
        if order is not None and change.new.get("customer") != order.value("customer"):
            yield Set(change, "customer", order.value("customer"))


def guard_quantities(ctx: Context, event: RecordsChanging) -> Iterator[Refuse]:
    """Refuse to deliver more of a line than was ordered."""
    if event.action not in {"create", "update"}:
        return
    lines = by_id(ctx, "order_line", [link(one.new, "order_line") for one in event.changes])
    sent: dict[int, Decimal] = {}
    for change in event.changes:
        line = lines.get(link(change.new, "order_line"))
        if line is None:
            continue
        more = number(change.new, "quantity") - number(change.old, "quantity")
        sent[line.id] = sent.get(line.id, Decimal(0)) + more
        left = number(line, "quantity") - number(line, "delivered")
        if sent[line.id] > left:
            yield refused(change, "delivery.too_much", "quantity", left=left)
