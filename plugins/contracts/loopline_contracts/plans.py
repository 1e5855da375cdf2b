"""Plans of payment: an order that is booked without one is due as a whole."""

from collections.abc import Iterator
from datetime import timedelta

from loopline.sdk import Add, Context, RecordsChanging
from loopline_contracts.credit import days_to_pay
from loopline_contracts.found import by_id, link, number
from loopline_contracts.ledger import is_booked
from loopline_contracts.priced_lines import HISTORIC
from loopline_contracts.texts import texts


def guard(ctx: Context, event: RecordsChanging) -> Iterator[Add]:
    """Yield the one payment of each order booked without a plan, due by the customer's terms.

    What comes from files of the past brings its own.
    """
    if event.action != "update" or event.via in HISTORIC:
        return
    booked = [one for one in event.changes if is_booked(one)]
    ids = [one.id for one in booked if one.id is not None]
    held = ctx.elevated("plans").lines("order", "instalments", ids) if ids else {}
    customers = by_id(ctx, "customer", [link(one.new, "customer") for one in booked])
    for change in booked:
        customer = customers.get(link(change.new, "customer"))
        if customer is None or (change.id is not None and held.get(change.id)):
            continue
        whole = {
            "name": texts("instalment.whole").to(ctx.language),
            "due": ctx.today + timedelta(days=days_to_pay(customer)),
            "amount": number(change.new, "total"),
        }
        yield Add(change, "instalment", whole, "order")
