"""Lines of quotes and orders: priced and added up before they are written, fixed in time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from loopline.sdk import Change, Context, Record, RecordsChanging, Refuse, Set
from loopline_contracts.amounts import ZERO, line_amounts
from loopline_contracts.found import by_id, link, number
from loopline_contracts.pricing import Asked, Prices
from loopline_contracts.texts import texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What lines belong to: an entity, the states in which it stays as it is, and why."""

    entity: str
    frozen: frozenset[str]
    said: frozenset[str]
    why: str


QUOTE: Final = Head(
    entity="quote",
    frozen=frozenset({"sent", "accepted", "declined", "expired", "replaced"}),
    said=frozenset({"customer", "contact", "price_book", "valid_until", "terms"}),
    why="quote.frozen",
)
"""A customer has, or had, what a quote in these states says."""
ORDER: Final = Head(
    entity="order",
    frozen=frozenset({"confirmed", "shipping", "delivered", "accepted", "closed", "cancelled"}),
    said=frozenset({"customer", "contract", "quote"}),
    why="order.frozen",
)
"""An order in these states stands in the ledger."""
HISTORIC: Final = frozenset({"import", "seed", "cli"})
"""Doors by which the past comes in; what it was is not to be argued with."""
HEADS: Final = {"quote": QUOTE, "order": ORDER}
LINES: Final = {"quote_line": QUOTE, "order_line": ORDER}


def guard_head(event: RecordsChanging, head: Head) -> Iterator[Refuse]:
    """Yield what keeps what a head says from being changed once it is fixed."""
    for change in event.changes:
        moved = change.fields & head.said & change.given
        if change.old and change.old.get("status") in head.frozen and moved:
            yield Refuse(change, texts(head.why), sorted(moved)[0])


def guard_lines(ctx: Context, event: RecordsChanging, head: Head) -> Iterable[Set | Refuse]:
    """Answer the amounts of lines, with prices where none is given; refuse those that are fixed.

    What comes from files of the past is added up, but not held to what may be changed.
    """
    owners = by_id(ctx, head.entity, {_owner_of(one, head) for one in event.changes})
    fixed = event.via not in HISTORIC
    open_lines = []
    for change in event.changes:
        owner = owners.get(_owner_of(change, head))
        if fixed and owner is not None and owner.value("status") in head.frozen:
            yield Refuse(change, texts(head.why))
        else:
            open_lines.append((change, owner))
    if event.action in {"create", "update"}:
        yield from _priced(ctx, open_lines)


def _priced(ctx: Context, lines: list[tuple[Change, Record | None]]) -> Iterator[Set]:
    products = {p for change, _ in lines if isinstance(p := change.new.get("product"), int)}
    prices, levels = Prices(ctx, products), _levels(ctx, [quote for _, quote in lines])
    for change, quote in lines:
        yield from _line(ctx, change, prices, _asked(ctx, quote, levels))


def _line(ctx: Context, change: Change, prices: Prices, asked: Asked) -> Iterator[Set]:
    new, wanted = change.new, dict[str, object]()
    product, quantity = new.get("product"), number(new, "quantity")
    if isinstance(product, int) and product in prices.products:
        of = prices.products[product]
        moved = bool(change.fields & {"product", "quantity"})
        if new.get("list_price") is None or moved:
            wanted["list_price"] = prices.price_of(product, quantity, asked)
        if new.get("price") is None or (moved and "price" not in change.given):
            wanted["price"] = wanted.get("list_price", new.get("list_price"))
        if new.get("tax_rate") is None:
            wanted["tax_rate"] = of.value("tax_rate")
        if new.get("description") is None:
            wanted["description"] = ctx.title("product", product)
    whole = {**new, **wanted}
    cost = prices.products[product].value("cost") if product in prices.products else None
    found = line_amounts(
        quantity,
        number(whole, "price"),
        list_price=number(whole, "list_price") if whole.get("list_price") is not None else None,
        discount=number(whole, "discount"),
        tax_rate=number(whole, "tax_rate"),
        cost=cost if isinstance(cost, Decimal) else ZERO,
    )
    wanted |= {
        "list_amount": found.list_amount,
        "amount": found.amount,
        "tax": found.tax,
        "cost_amount": found.cost_amount,
    }
    for name, value in wanted.items():
        if new.get(name) != value:
            yield Set(change, name, value)


def _asked(ctx: Context, head: Record | None, levels: Mapping[int, str]) -> Asked:
    if head is None:
        return Asked(None, ctx.today)
    customer, book = head.value("customer"), head.value("price_book")
    level = levels.get(customer) if isinstance(customer, int) else None
    return Asked(level, ctx.today, book if isinstance(book, int) else None)


def _levels(ctx: Context, quotes: Iterable[Record | None]) -> Mapping[int, str]:
    ids = {c for one in quotes if one and isinstance(c := one.value("customer"), int)}
    found = by_id(ctx, "customer", ids)
    return {number: str(one.value("level")) for number, one in found.items() if one.value("level")}


def _owner_of(change: Change, head: Head) -> int:
    return link(change.new, head.entity) or link(change.old, head.entity)
