"""Credit: what a customer may owe, when an order of theirs is due, and what is shipped on trust."""

from collections.abc import Iterator
from typing import Final

from loopline.sdk import Context, Record, RecordsMoving, Refuse
from loopline_contracts.found import by_id, link, number, refused
from loopline_contracts.priced_lines import HISTORIC

_DAYS: Final = {"prepaid": 0, "on_delivery": 15, "net30": 30, "net60": 60, "net90": 90}
_USUAL: Final = 30
"""Days until an order is due where the customer's terms do not say."""


def guard(ctx: Context, event: RecordsMoving) -> Iterator[Refuse]:
    """Refuse to book an order beyond the credit limit, and to ship a prepaid one that is not paid.

    What comes from files of the past is taken as it was.
    """
    if event.entity != "order" or event.via in HISTORIC:
        return
    customers = by_id(ctx, "customer", [link(one.change.new, "customer") for one in event.moves])
    for move in event.moves:
        customer = customers.get(link(move.change.new, "customer"))
        if customer is None:
            continue
        total = number(move.change.new, "total")
        if move.after == "confirmed" and _beyond(customer, total):
            limit = customer.value("credit_limit")
            yield refused(move.change, "credit.beyond", event.field, limit=limit)
        unpaid = total > number(move.change.new, "paid")
        if move.after == "shipping" and customer.value("payment_terms") == "prepaid" and unpaid:
            yield refused(move.change, "credit.prepaid", event.field)


def days_to_pay(customer: Record) -> int:
    """Answer after how many days an order of a customer is due."""
    return _DAYS.get(str(customer.value("payment_terms")), _USUAL)


def _beyond(customer: Record, total: object) -> bool:
    owed = number(customer, "contracts__balance") + number({"total": total}, "total")
    return customer.value("credit_limit") is not None and owed > number(customer, "credit_limit")
