"""What is done with orders: placed on a contract or a quote, confirmed, shipped, accepted."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import (
    Action,
    Context,
    NotValid,
    Problem,
    Record,
    RecordsChanging,
    Refuse,
    Result,
    Set,
)
from loopline_contracts.asking import GIVING_BACK
from loopline_contracts.found import by_id, link, number, only, plain, refused
from loopline_contracts.priced_lines import HISTORIC
from loopline_contracts.quote_print import money
from loopline_contracts.texts import texts

ORDER: Final = "order"
_LINE: Final = ("product", "description", "quantity", "price", "list_price", "discount", "tax_rate")


def actions() -> Iterable[Action]:
    """Yield the steps of an order, and those that place one."""
    for entity, shown in (("quote", 'status == "accepted"'), ("contract", 'status == "active"')):
        yield Action(
            id="order",
            label=texts("action.order"),
            entity=entity,
            run=place,
            shown_if=shown,
            tone="accent",
        )
    for name, run, shown in (
        ("confirm", confirm, 'status == "placed"'),
        ("deliver", deliver, 'status == "shipping"'),
        ("ship", ship, 'status in ["confirmed", "shipping"]'),
        ("accept", accept, 'status == "delivered"'),
        ("cancel", cancel, 'status in ["placed", "confirmed"]'),
    ):
        yield Action(
            id=name,
            label=texts(f"action.{name}"),
            entity=ORDER,
            run=run,
            shown_if=shown,
            tone="danger" if name == "cancel" else "accent",
        )
    yield Action(
        id="invoice",
        label=texts("action.invoice"),
        entity=ORDER,
        run=invoice,
        shown_if='!(status in ["placed", "cancelled"]) && invoiced < total',
    )
    yield Action(
        id="credit",
        label=texts("action.credit"),
        entity=ORDER,
        run=credit,
        settings=GIVING_BACK,
        shown_if='!(status in ["placed", "cancelled"])',
    )


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Set | Refuse]:
    """Yield when a new order is placed; refuse one with neither a contract nor a quote in force."""
    if event.action != "create":
        return
    contracts = by_id(ctx, "contract", [link(one.new, "contract") for one in event.changes])
    quotes = by_id(ctx, "quote", [link(one.new, "quote") for one in event.changes])
    for change in event.changes:
        if change.new.get("placed_at") is None:
            yield Set(change, "placed_at", ctx.now.replace(microsecond=0))
        if event.via in HISTORIC:
            continue
        contract = contracts.get(link(change.new, "contract"))
        quote = quotes.get(link(change.new, "quote"))
        active = contract is not None and contract.value("status") == "active"
        accepted = quote is not None and quote.value("status") == "accepted"
        if not (active or (contract is None and accepted)):
            yield refused(change, "order.no_ground", "contract")


def place(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Place an order on an active contract or an accepted quote, with the quote's lines."""
    ground = only(records)
    quote = ground.id if ground.entity == "quote" else link(ground, "quote")
    held = ctx.elevated("place an order").lines("quote", "lines", [quote]) if quote else {}
    lines = [plain({name: one.value(name) for name in _LINE}) for one in held.get(quote, ())]
    values = {
        "name": ground.value("name"),
        "customer": ground.value("customer"),
        "contract": ground.id if ground.entity == "contract" else None,
        "quote": quote or None,
        "lines": lines,
    }
    made = ctx.create(ORDER, plain(values))
    return Result(texts("order.made", code=str(made.value("code"))), record=(ORDER, made.id))


def confirm(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Confirm an order, which books it and plans its payment."""
    ctx.update(ORDER, only(records).id, {"status": "confirmed"})
    return Result(texts("order.confirmed"))


def ship(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Send what is not sent yet, as one delivery. Raises NotValid where nothing is left."""
    order = only(records)
    held = ctx.lines(ORDER, "lines", [order.id]).get(order.id, ())
    rows = [
        {"order_line": line.id, "quantity": left}
        for line in held
        if (left := number(line, "quantity") - number(line, "delivered")) > 0
    ]
    if not rows:
        message = texts("delivery.nothing_left")
        raise NotValid(Problem("fields.lines", "plugin.refused", {"message": message}))
    values = {"order": order.id, "shipped_at": ctx.today, "lines": rows}
    made = ctx.create("delivery", values)
    ctx.update(ORDER, order.id, {"status": "shipping"})
    return Result(texts("delivery.made", count=len(rows)), record=("delivery", made.id))


def deliver(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Note that everything arrived."""
    order = only(records)
    for one in ctx.find("delivery", f'order == {order.id} && status == "shipped"'):
        ctx.update("delivery", one.id, {"status": "arrived"})
    ctx.update(ORDER, order.id, {"status": "delivered"})
    return Result(texts("order.delivered"))


def accept(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Note that the customer accepted what was delivered."""
    ctx.update(ORDER, only(records).id, {"status": "accepted"})
    return Result(texts("order.accepted"))


def cancel(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Cancel an order that was not shipped; what was booked is booked back."""
    order = only(records)
    held = ctx.lines(ORDER, "instalments", [order.id]).get(order.id, ())
    ctx.update(ORDER, order.id, {"status": "cancelled"})
    if held:
        ctx.update(ORDER, order.id, {"instalments": [{"id": one.id, "void": True} for one in held]})
    return Result(texts("order.cancelled"))


def invoice(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Ask for an invoice over what is not invoiced yet."""
    order = only(records)
    left = number(order, "total") - number(order, "invoiced")
    made = ctx.create("invoice", {"order": order.id, "amount": left})
    said = texts("invoice.made", code=str(made.value("code")), amount=money(ctx, left))
    return Result(said, record=("invoice", made.id))


def credit(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Write a credit note: the customer owes that much less."""
    order = only(records)
    values = {"order": order.id, "amount": str(settings["amount"]), "reason": settings["reason"]}
    made = ctx.create("credit_note", values)
    amount = money(ctx, number(made, "amount"))
    said = texts("credit_note.made", code=str(made.value("code")), amount=amount)
    return Result(said, record=("credit_note", made.id))
