"""Deliveries, returns, invoices and credit notes: whose they are, and never more than ordered."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from loopline.sdk import Context, RecordsChanging, RecordsMoving, Refuse, Set
from loopline_contracts.found import by_id, link, number, refused
from loopline_contracts.priced_lines import HISTORIC

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


def guard_shipping(ctx: Context, event: RecordsMoving) -> Iterator[Refuse]:
    """Refuse an order that is being shipped without a delivery; say how one is made."""
    if event.entity != "order" or event.via in HISTORIC:
        return
    moved = {one.change.id: one.change for one in event.moves if one.after == "shipping"}
    if not moved:
        return
    ids = [order for order in moved if order is not None]
    made = ctx.elevated("deliveries").among("delivery", "order", ids)
    sent = {link(one, "order") for one in made}
    for order, change in moved.items():
        if order not in sent:
            yield refused(change, "order.no_delivery", event.field)


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
