"""The ledger: what a customer owes is the sum of entries that nobody changes."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from loopline.sdk import Add, Change, Context, RecordsChanging, Refuse
from loopline_contracts.found import by_id, link, number
from loopline_contracts.texts import texts

ENTRY: Final = "ledger_entry"
_CREATED: Final = {"receipt": -1, "credit_note": -1, "refund": 1}
"""Records that are entries by being made, and whether they lessen what is owed."""
_OF: Final = {"credit_note": "order", "refund": "receipt"}
"""Whose customer a record is booked for, where it does not name one itself."""
_FIXED: Final = frozenset({"amount", "customer", "receipt", "order"})


def guard(ctx: Context, event: RecordsChanging) -> Iterable[Add | Refuse]:
    """Answer the entries of a batch, and refuse what would make them untrue."""
    if event.entity == "order":
        return _orders(ctx, event)
    if event.entity in _CREATED:
        return _documents(ctx, event)
    return ()


def is_booked(change: Change) -> bool:
    """Whether an order is booked by being written so: it was only placed until now."""
    was, now = change.old.get("status"), change.new.get("status")
    return was == "placed" and now not in {"placed", "cancelled"}


def _documents(ctx: Context, event: RecordsChanging) -> Iterator[Add | Refuse]:
    """Yield an entry for each record made; afterwards its amount stays as it is booked."""
    sign, of = _CREATED[event.entity], _OF.get(event.entity, "")
    owners = by_id(ctx, of, [link(one.new, of) for one in event.changes]) if of else {}
    for change in event.changes:
        if event.action == "create":
            owner = owners.get(link(change.new, of)) if of else None
            customer = link(owner or change.new, "customer")
            amount = sign * number(change.new, "amount")
            yield _entry(ctx, change, event.entity, amount, customer)
        elif event.action == "delete" or change.fields & _FIXED:
            yield Refuse(change, texts("ledger.booked"), *sorted(change.fields & _FIXED)[:1])


def _orders(ctx: Context, event: RecordsChanging) -> Iterator[Add | Refuse]:
    """Yield an entry where an order is confirmed, and its reverse where that is taken back."""
    for change in event.changes:
        was, now = change.old.get("status"), change.new.get("status")
        booked = was not in {None, "placed", "cancelled"}
        if event.action == "delete" and booked:
            yield Refuse(change, texts("ledger.booked"))
        elif event.action == "update" and is_booked(change):
            yield _entry(ctx, change, "order", number(change.new, "total"))
        elif event.action == "update" and booked and now == "cancelled":
            yield _entry(ctx, change, "order_cancelled", -number(change.new, "total"))


def _entry(ctx: Context, change: Change, kind: str, amount: Decimal, customer: int = 0) -> Add:
    values = {
        "customer": customer or link(change.new, "customer"),
        "kind": kind,
        "amount": amount,
        "at": ctx.now,
    }
    return Add(change, ENTRY, values, "source")
