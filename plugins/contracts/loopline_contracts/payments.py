"""Money that comes in: booked, allocated over instalments, and paid back."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from loopline.sdk import Action, Change, Context, Record, RecordsChanging, Refuse, Result, Set
from loopline_contracts.asking import GIVING_BACK
from loopline_contracts.found import by_id, link, number, only, refused
from loopline_contracts.quote_print import money
from loopline_contracts.texts import texts

RECEIPT: Final = "receipt"
_MOST: Final = 1000


def actions() -> Iterable[Action]:
    """Yield the actions of receipts."""
    yield Action(
        id="allocate",
        label=texts("action.allocate"),
        entity=RECEIPT,
        run=allocate,
        shown_if="allocated < amount",
        tone="accent",
    )
    yield Action(
        id="refund",
        label=texts("action.refund"),
        entity=RECEIPT,
        run=refund,
        settings=GIVING_BACK,
        shown_if="refunded < amount",
    )


def allocate(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Put what is left of a receipt on the customer's open instalments, the oldest first."""
    receipt = only(records)
    left = number(receipt, "amount") - number(receipt, "allocated")
    rows: list[dict[str, object]] = []
    for instalment in _open_instalments(ctx, link(receipt, "customer")):
        owed = number(instalment, "amount") - number(instalment, "paid")
        share = min(left, owed)
        if share > 0:
            rows.append({"instalment": instalment.id, "amount": share})
            left -= share
    held = ctx.lines(RECEIPT, "allocations", [receipt.id]).get(receipt.id, ())
    kept = [{"id": line.id} for line in held]
    if rows:
        ctx.update(RECEIPT, receipt.id, {"allocations": [*kept, *rows]})
    return Result(texts("receipt.allocated", count=len(rows), left=money(ctx, left)))


def refund(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Pay a part of a receipt back."""
    receipt = only(records)
    amount = Decimal(str(settings["amount"]))
    values = {
        "receipt": receipt.id,
        "amount": amount,
        "reason": settings["reason"],
        "refunded_at": ctx.today,
    }
    made = ctx.create("refund", values)
    return Result(texts("receipt.refunded", amount=money(ctx, amount)), record=("refund", made.id))


def guard_refunds(ctx: Context, event: RecordsChanging) -> Iterator[Set | Refuse]:
    """Yield whose refund it is; refuse to pay back more than came in."""
    receipts = by_id(ctx, RECEIPT, [link(one.new, "receipt") for one in event.changes])
    for change in event.changes if event.action == "create" else ():
        receipt = receipts.get(link(change.new, "receipt"))
        if receipt is None:
            continue
        left = number(receipt, "amount") - number(receipt, "refunded")
        if number(change.new, "amount") > left:
            yield refused(change, "refund.too_much", "amount", left=left)
        yield Set(change, "customer", receipt.value("customer"))


def guard_allocations(ctx: Context, event: RecordsChanging) -> Iterator[Set | Refuse]:
    """Yield the order of each allocation; refuse more than came in, or than is owed."""
    if event.action == "delete":
        return
    plans = by_id(ctx, "instalment", [link(one.new, "instalment") for one in event.changes])
    receipts = by_id(ctx, RECEIPT, [link(one.new, "receipt") for one in event.changes])
    orders = by_id(ctx, "order", [link(one, "order") for one in plans.values()])
    taken: dict[int, Decimal] = {}
    for change in event.changes:
        plan, receipt = plans.get(link(change.new, "instalment")), receipts.get(_receipt(change))
        if plan is None or receipt is None:
            continue
        more = number(change.new, "amount") - number(change.old, "amount")
        taken[receipt.id] = taken.get(receipt.id, Decimal(0)) + more
        order = orders.get(link(plan, "order"))
        yield from _fits(change, plan, receipt, order, taken[receipt.id])
        if change.new.get("order") != plan.value("order"):
            yield Set(change, "order", plan.value("order"))


def _fits(
    change: Change, plan: Record, receipt: Record, order: Record | None, taken: Decimal
) -> Iterator[Refuse]:
    more = number(change.new, "amount") - number(change.old, "amount")
    if order is not None and order.value("customer") != receipt.value("customer"):
        yield refused(change, "allocation.other_customer", "instalment")
    if number(receipt, "allocated") + taken > number(receipt, "amount"):
        yield refused(change, "allocation.more_than_received", "amount")
    if number(plan, "paid") + more > number(plan, "amount"):
        yield refused(change, "allocation.more_than_owed", "amount")


def _open_instalments(ctx: Context, customer: int) -> Iterator[Record]:
    """Yield the instalments of the customer's booked orders that are not paid, the oldest first."""
    whole = ctx.elevated("open instalments")
    of = f'customer == {customer} && !(status in ["placed", "cancelled"])'
    orders = [one.id for one in whole.find("order", of, sort=("id",), limit=_MOST)]
    held = whole.lines("order", "instalments", orders)
    rows = [line for lines in held.values() for line in lines if not line.value("void")]
    yield from sorted(rows, key=lambda line: (str(line.value("due")), line.id))


def _receipt(change: Change) -> int:
    return link(change.new, "receipt") or link(change.old, "receipt")
